-- api_tokens/sweep
-- Those that were ended a week ago, or expired a month ago, a piece at a time.
delete from api_tokens
where id in (
    select id
    from (
        select id from api_tokens where revoked_at < now() - interval '7 days' order by revoked_at limit 500 for update skip locked
    ) as revoked
    union all
    select id
    from (
        select id from api_tokens where expires_at < now() - interval '30 days' order by expires_at limit 500 for update skip locked
    ) as expired
)
