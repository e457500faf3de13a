-- event_waiting/count_of_person
-- In how many lines of events that are still to come somebody stands.
select count(*)
from event_waiting
join events on events.id = event_waiting.event_id
where event_waiting.user_id = $1 and events.event_time > now()
