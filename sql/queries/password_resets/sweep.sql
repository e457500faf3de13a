-- password_resets/sweep
-- Those that have expired, a piece at a time.
delete from password_resets
where hash in (
    select hash from password_resets where expires_at <= now() order by expires_at limit 1000 for update skip locked
)
