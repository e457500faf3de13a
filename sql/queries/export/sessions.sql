-- export/sessions
select id, user_agent, address, created_at, last_used_at, expires_at, revoked_at, revoked_because
from sessions
where user_id = $1
order by created_at
