-- tickets/list
-- Those of an event, of everybody or of one person ($2).
select tickets.id, tickets.event_id, tickets.holder_id, tickets.quantity, tickets.created_at, tickets.checked_in_at
from tickets
where event_id = $1 and cancelled_at is null and ($2::uuid is null or holder_id = $2)
order by
    case when $3::text = 'created_at' then tickets.created_at when $3 = 'checked_in_at' then tickets.checked_in_at end,
    case when $3 = '-created_at' then tickets.created_at when $3 = '-checked_in_at' then coalesce(tickets.checked_in_at, '-infinity') end desc,
    case when $3 = 'quantity' then tickets.quantity end,
    case when $3 = '-quantity' then tickets.quantity end desc,
    tickets.id
limit $4 offset $5
