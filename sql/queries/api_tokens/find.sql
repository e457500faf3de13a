-- api_tokens/find
select id, user_id, scopes, expires_at, hash
from api_tokens
where id = $1 and revoked_at is null and (expires_at is null or expires_at > now())
