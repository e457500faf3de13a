-- scheduled_messages/finish
-- It has been sent.
delete from scheduled_messages where id = $1
