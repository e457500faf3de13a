-- scheduled_messages/count_waiting
select count(*) from scheduled_messages where user_id = $1 and failed_at is null
