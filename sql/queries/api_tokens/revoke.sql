-- api_tokens/revoke
update api_tokens
set revoked_at = now(), revoked_because = 'by its owner'
where id = $1 and user_id = $2 and revoked_at is null
