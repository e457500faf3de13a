-- sessions/touch
update sessions set last_used_at = now(), expires_at = now() + make_interval(days => $2) where id = $1
