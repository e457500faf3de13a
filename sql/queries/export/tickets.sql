-- export/tickets
-- With those that were given back.
select id, event_id, quantity, created_at, cancelled_at, checked_in_at
from tickets
where holder_id = $1
order by created_at, id
