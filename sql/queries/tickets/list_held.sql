-- tickets/list_held
-- What somebody holds, each with its event.
select
    tickets.id, tickets.event_id, tickets.holder_id, tickets.quantity, tickets.created_at, tickets.checked_in_at,
    events.name, events.event_time, events.timezone
from tickets
join events on events.id = tickets.event_id
where tickets.holder_id = $1 and tickets.cancelled_at is null
    and ($2::timestamptz is null or events.event_time >= $2)
    and ($3::timestamptz is null or events.event_time <= $3)
order by
    case $4::text when 'event_time' then events.event_time when 'created_at' then tickets.created_at end,
    case $4 when '-event_time' then events.event_time when '-created_at' then tickets.created_at end desc,
    tickets.id
limit $5 offset $6
