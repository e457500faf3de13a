-- tickets/cancel
-- Gives it back, unless it was used; the rest is done by triggers.
update tickets
set cancelled_at = now()
where id = $2 and event_id = $1 and cancelled_at is null and checked_in_at is null
