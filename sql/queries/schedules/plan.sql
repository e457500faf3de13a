-- schedules/plan
-- Unless it has been changed since it was read.
update schedules
set next_run_at = $3, error = $4, planned_at = now()
where id = $1 and updated_at = $2 and enabled
