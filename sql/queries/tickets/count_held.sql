-- tickets/count_held
select count(*)
from tickets
join events on events.id = tickets.event_id
where tickets.holder_id = $1 and tickets.cancelled_at is null
    and ($2::timestamptz is null or events.event_time >= $2)
    and ($3::timestamptz is null or events.event_time <= $3)
