-- sessions/revoke_own
update sessions
set revoked_at = now(), revoked_because = 'by its owner'
where id = $1 and user_id = $2 and revoked_at is null and expires_at > now()
