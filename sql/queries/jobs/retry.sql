-- jobs/retry
-- One that failed or was cancelled waits again, as if it had never been begun.
with gone as (
    delete from only finished_jobs
    where id = $1 and status in ('failed', 'cancelled')
    returning id, task, args, priority, unique_key, concurrency_key, max_attempts, error, created_at
)
insert into jobs (id, task, args, priority, unique_key, concurrency_key, max_attempts, error, created_at)
select id, task, args, priority, unique_key, concurrency_key, max_attempts, error, created_at
from gone
returning
    id, task, args, status, priority, unique_key, concurrency_key, attempts, max_attempts, run_at, result, error,
    created_at, finished_at
