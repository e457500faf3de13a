-- export/push_subscriptions
select id, user_agent, created_at, used_at from push_subscriptions where user_id = $1 order by created_at
