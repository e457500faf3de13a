-- push_queue/discard
delete from push_queue where subscription_id = $1 and topic = $2
