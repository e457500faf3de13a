-- login_keys/sweep
-- Those that are not taken any more, a piece at a time.
delete from login_keys
where id in (
    select login_keys.id
    from login_keys
    where exists (
        select from login_keys as later
        where later.created_at > login_keys.created_at and later.created_at < now() - interval '1 day'
    )
    limit 1000
    for update skip locked
)
