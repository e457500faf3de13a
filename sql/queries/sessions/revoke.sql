-- sessions/revoke
update sessions set revoked_at = now(), revoked_because = $2 where id = $1 and revoked_at is null
