-- login_keys/sweep_uses
-- Those that would be too old to be taken again, a piece at a time.
delete from login_key_uses
where hash in (
    select hash from login_key_uses where used_at < now() - interval '15 minutes' order by used_at limit 1000 for update skip locked
)
