-- sessions/sweep
-- Those that ended a week ago, a piece at a time.
delete from sessions
where id in (
    select id
    from (
        select id from sessions where expires_at < now() - interval '7 days' order by expires_at limit 500 for update skip locked
    ) as expired
    union all
    select id
    from (
        select id from sessions where revoked_at < now() - interval '7 days' order by revoked_at limit 500 for update skip locked
    ) as revoked
)
