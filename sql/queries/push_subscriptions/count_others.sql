-- push_subscriptions/count_others
-- How many devices somebody has beside this one.
select count(*) from push_subscriptions where user_id = $1 and endpoint_hash <> $2
