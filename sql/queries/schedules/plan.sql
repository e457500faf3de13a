-- schedules/plan
-- Unless it has been changed since it was read, or another instance has reckoned meanwhile: its time may have come and gone since.
update schedules
set next_run_at = $3, error = $4, planned_at = now()
where id = $1 and updated_at = $2 and enabled
    and (planned_at is null or (next_run_at is null and error is null and planned_at < now() - make_interval(days => 1)))
