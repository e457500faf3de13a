-- users/sweep_pictures
-- Those that were removed, and do not count for the day any more, a piece at a time.
delete from pictures
where id in (
    select id
    from pictures
    where removed_at is not null and created_at < now() - interval '24 hours'
    order by created_at
    limit 1000
    for update skip locked
)
