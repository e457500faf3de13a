-- push_subscriptions/drop
-- Nobody is there any more who takes something.
delete from push_subscriptions where id = $1
