-- export/event_waiting
select event_id, quantity, held_until, created_at
from event_waiting
where user_id = $1
order by created_at, event_id
