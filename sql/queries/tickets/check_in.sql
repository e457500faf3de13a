-- tickets/check_in
-- Of two at the same time one lets in: whoever comes second finds that it was done.
update tickets
set checked_in_at = now(), checked_in_by = $3
where id = $2 and event_id = $1 and cancelled_at is null and checked_in_at is null
