-- event_waiting/insert
-- Who waits already keeps their place.
insert into event_waiting (event_id, user_id, quantity)
values ($1, $2, $3)
on conflict (event_id, user_id) do nothing
