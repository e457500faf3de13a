-- invites/sweep
-- Those that expired an hour ago, a piece at a time.
delete from invites
where id in (
    select id
    from invites
    where expires_at < now() - interval '1 hour'
    order by expires_at
    limit 1000
    for update skip locked
)
