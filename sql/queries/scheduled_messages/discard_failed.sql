-- scheduled_messages/discard_failed
-- One that failed makes way for the same again.
delete from scheduled_messages where user_id = $1 and chat_id = $2 and client_id = $3 and failed_at is not null
