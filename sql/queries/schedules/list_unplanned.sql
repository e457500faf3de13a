-- schedules/list_unplanned
-- Those whose next time is to be reckoned: they are new, or were changed, or had none to come a day ago.
select
    id, name, task, args, cron, every_seconds, solar, timezone, enabled, overlap, built_in, last_run_at, next_run_at, error,
    created_at, updated_at
from schedules
where enabled
    and (planned_at is null or (next_run_at is null and error is null and planned_at < now() - make_interval(days => 1)))
order by id
limit 100
