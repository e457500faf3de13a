-- throttles/sweep
-- What has expired, a piece at a time.
delete from throttles
where key in (
    select key from throttles where expires_at <= now() order by expires_at limit 1000 for update skip locked
)
