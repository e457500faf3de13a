-- tickets/count
select count(*) from tickets where event_id = $1 and cancelled_at is null and ($2::uuid is null or holder_id = $2)
