-- push_subscriptions/delete
delete from push_subscriptions where id = $1 and user_id = $2
