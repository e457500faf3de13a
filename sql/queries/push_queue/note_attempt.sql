-- push_queue/note_attempt
update push_queue set attempts = attempts + 1 where subscription_id = $1 and topic = $2 returning attempts
