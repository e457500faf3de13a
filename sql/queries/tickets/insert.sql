-- tickets/insert
-- Sold by a trigger, or refused.
insert into tickets (id, event_id, holder_id, quantity)
values ($1, $2, $3, $4)
returning id, event_id, holder_id, quantity, created_at, checked_in_at
