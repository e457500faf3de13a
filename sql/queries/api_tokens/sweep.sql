-- Those that were ended a week ago, or expired a month ago, a piece at a time.
delete from api_tokens
where id in (
    select id
    from api_tokens
    where revoked_at < now() - interval '7 days' or expires_at < now() - interval '30 days'
    limit 1000
    for update skip locked
)
