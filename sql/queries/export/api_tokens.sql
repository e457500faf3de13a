-- export/api_tokens
select id, name, scopes, created_at, expires_at, last_used_at, revoked_at, revoked_because
from api_tokens
where user_id = $1
order by created_at
