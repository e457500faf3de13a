-- notifications/sweep_unread
-- Those that nobody has read in so many days, a piece at a time.
delete from notifications
where id in (
    select id
    from notifications
    where case when read_at is null then created_at end < now() - make_interval(days => $1)
    order by case when read_at is null then created_at end
    limit 1000
    for update skip locked
)
