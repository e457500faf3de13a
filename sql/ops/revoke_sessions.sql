-- What: signs a person out everywhere, at once: psql -v email=alice@example.com -f sql/ops/revoke_sessions.sql
-- Writes: sessions.revoked_at of the person's sessions.
-- Locks: those rows, for a moment.
update sessions
set revoked_at = now(), revoked_because = 'by an operator'
from users
where users.id = sessions.user_id and lower(users.email) = lower(:'email') and sessions.revoked_at is null
returning sessions.id, sessions.user_agent, sessions.address, sessions.created_at;
