-- How many devices somebody has beside this one.
select count(*) from push_subscriptions where user_id = $1 and endpoint_hash <> $2
