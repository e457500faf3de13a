select count(*) from push_subscriptions where user_id = $1
