-- refresh_tokens/insert
insert into refresh_tokens (session_id, hash, expires_at) values ($1, $2, now() + make_interval(days => $3))
