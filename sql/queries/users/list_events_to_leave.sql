-- users/list_events_to_leave
-- The events that are somebody's, for which they hold a ticket, or for which they wait.
select id
from (
    select id from events where owner_id = $1
    union
    select event_id from tickets where holder_id = $1
    union
    select event_id from event_waiting where user_id = $1
) as theirs
order by id
limit $2
