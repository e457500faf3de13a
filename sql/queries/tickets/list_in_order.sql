-- tickets/list_in_order
-- Those of an event in the order in which they were bought: no more is read than the page needs.
select id, event_id, holder_id, quantity, created_at, checked_in_at
from tickets
where event_id = $1 and cancelled_at is null
order by created_at, id
limit $2 offset $3
