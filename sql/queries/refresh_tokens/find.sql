-- refresh_tokens/find
-- Locks the session, so that two refreshes of it are decided one after the other.
select
    sessions.id as session_id, sessions.user_id, sessions.user_agent,
    (sessions.revoked_at is not null or refresh_tokens.expires_at < now()) as over,
    users.status,
    extract(epoch from now() - refresh_tokens.spent_at)::float8 as spent_seconds_ago
from refresh_tokens
join sessions on sessions.id = refresh_tokens.session_id
join users on users.id = sessions.user_id
where refresh_tokens.hash = $1
for update of sessions, refresh_tokens
