-- scheduled_messages/exists
select exists (select from scheduled_messages where id = $1 and user_id = $2)
