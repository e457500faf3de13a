-- notifications/sweep_read
-- Those that were read so many days ago, a piece at a time.
delete from notifications
where id in (
    select id
    from notifications
    where read_at < now() - make_interval(days => $1)
    order by read_at
    limit 1000
    for update skip locked
)
