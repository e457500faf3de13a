-- cache/sweep
-- What has expired, a piece at a time.
delete from cache
where key in (
    select key from cache where expires_at <= now() order by expires_at limit 1000 for update skip locked
)
