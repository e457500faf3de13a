-- cache/set
insert into cache (key, value, expires_at)
values ($1, $2, now() + make_interval(secs => $3))
on conflict (key) do update set value = excluded.value, expires_at = excluded.expires_at
