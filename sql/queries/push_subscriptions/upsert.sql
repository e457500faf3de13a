-- push_subscriptions/upsert
-- xmax is 0 for a row that is new.
insert into push_subscriptions (id, user_id, session_id, endpoint_hash, secret, user_agent)
values ($1, $2, $3, $4, $5, $6)
on conflict (endpoint_hash) do update
set session_id = excluded.session_id, secret = excluded.secret, user_agent = excluded.user_agent, failures = 0
returning id, session_id, endpoint_hash, secret, user_agent, failures, created_at, used_at, xmax = 0 as is_new
