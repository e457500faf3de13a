-- push_subscriptions/delete_of_others
-- A device is whose who signed in there last.
delete from push_subscriptions where endpoint_hash = $1 and user_id <> $2
