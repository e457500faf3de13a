-- event_waiting/delete
-- Gives up a place or a hold; who comes next is served by a trigger.
delete from event_waiting where event_id = $1 and user_id = $2
