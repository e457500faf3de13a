-- schedules/list_due
-- Those whose time has come; of those that came with the program only what this version knows.
select
    id, name, task, args, cron, every_seconds, solar, timezone, enabled, overlap, built_in, last_run_at, next_run_at, error,
    created_at, updated_at
from schedules
where enabled and next_run_at <= now() and (not built_in or task = any ($1))
order by next_run_at
limit 100
