-- push_subscriptions/count
select count(*) from push_subscriptions where user_id = $1
