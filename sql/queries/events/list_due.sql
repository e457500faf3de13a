-- events/list_due
-- The events of which a hold has run out.
select distinct event_id
from (
    select event_id from event_waiting where held_until <= now() order by held_until limit 100
) as due
order by event_id
