-- notifications/mark_all_read
-- A piece of somebody's unread notifications, the oldest first, up to a number. Locked in their order, as whoever else reads them.
update notifications
set read_at = now()
where id in (
    select id
    from notifications
    where recipient_id = $1 and read_at is null and seq <= $2
    order by seq
    limit 5000
    for no key update
)
