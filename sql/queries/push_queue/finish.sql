-- push_queue/finish
-- Not where more has come meanwhile.
delete from push_queue where subscription_id = $1 and topic = $2 and version = $3
