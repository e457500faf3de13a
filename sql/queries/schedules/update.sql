-- schedules/update
update schedules
set name = $2, task = $3, args = $4, cron = $5, every_seconds = $6, solar = $7, timezone = $8, enabled = $9,
    overlap = $10
where id = $1
returning
    id, name, task, args, cron, every_seconds, solar, timezone, enabled, overlap, built_in, last_run_at, next_run_at, error,
    created_at, updated_at
