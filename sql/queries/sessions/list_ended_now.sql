-- sessions/list_ended_now
-- The sessions and API tokens of somebody that this transaction has ended.
select id from sessions where user_id = $1 and revoked_at = now()
union all
select id from api_tokens where user_id = $1 and revoked_at = now()
