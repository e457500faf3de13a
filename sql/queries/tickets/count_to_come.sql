-- tickets/count_to_come
-- How many tickets somebody has for what is still to come, counted no further than is asked for.
select count(*)
from (
    select
    from tickets
    join events on events.id = tickets.event_id
    where tickets.holder_id = $1 and tickets.cancelled_at is null and events.event_time > now()
    limit $2
) as found
