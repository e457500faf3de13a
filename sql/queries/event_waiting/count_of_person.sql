-- event_waiting/count_of_person
-- On how many waiting lists of events that are still to come somebody is.
select count(*)
from event_waiting
join events on events.id = event_waiting.event_id
where event_waiting.user_id = $1 and events.event_time > now()
