-- schedules/find
select
    id, name, task, args, cron, every_seconds, solar, timezone, enabled, overlap, built_in, last_run_at, next_run_at, error,
    created_at, updated_at
from schedules
where id = $1
