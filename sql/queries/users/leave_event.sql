-- users/leave_event
-- Takes somebody who is erased out of an event.
select leave_event($1, $2)
