-- refresh_tokens/sweep
-- Those that cannot be spent any more, a piece at a time.
delete from refresh_tokens
where hash in (
    select hash from refresh_tokens where expires_at < now() order by expires_at limit 1000 for update skip locked
)
