-- event_waiting/count
select count(*) from event_waiting where event_id = $1 and ($2::uuid is null or user_id = $2)
