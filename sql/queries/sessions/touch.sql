update sessions set last_used_at = now(), expires_at = $2 where id = $1
