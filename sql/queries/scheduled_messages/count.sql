-- scheduled_messages/count
select count(*) from scheduled_messages where user_id = $1 and ($2::uuid is null or chat_id = $2)
