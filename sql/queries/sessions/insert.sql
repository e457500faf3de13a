-- sessions/insert
-- Locks the account, so that nobody is let in whom a suspension or a new password has just put out.
with account as (
    select id from users where id = $2 and status = 'active' and password_hash = $7 for share
),
session as (
    insert into sessions (id, user_id, user_agent, address, expires_at)
    select $1, account.id, $3, $4, now() + make_interval(days => $6) from account
    returning id, expires_at
)
insert into refresh_tokens (session_id, hash, expires_at)
select id, $5, expires_at from session
