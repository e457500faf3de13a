insert into refresh_tokens (session_id, hash, expires_at) values ($1, $2, $3)
