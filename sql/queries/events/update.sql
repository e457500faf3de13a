-- events/update
-- What has changed is told by triggers.
update events
set name = $2, event_time = $3, timezone = $4, description = $5, duration_hours = $6, duration_minutes = $7,
    max_tickets = $8, remind_minutes = $9
where id = $1
