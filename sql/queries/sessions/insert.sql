with session as (
    insert into sessions (id, user_id, user_agent, address, expires_at)
    values ($1, $2, $3, $4, $6)
    returning id
)
insert into refresh_tokens (session_id, hash, expires_at)
select id, $5, $6 from session
