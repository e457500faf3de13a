-- tickets/find
-- One that is good.
select tickets.id, tickets.event_id, tickets.holder_id, tickets.quantity, tickets.created_at, tickets.checked_in_at
from tickets
where id = $2 and event_id = $1 and cancelled_at is null
