-- jobs/cancel
-- One that waits will not run any more.
with gone as (
    delete from only jobs
    where id = $1 and status = 'queued'
    returning
        id, task, args, priority, run_at, unique_key, concurrency_key, attempts, max_attempts, error, created_at, awaited
)
insert into finished_jobs (
    id, task, args, status, priority, run_at, unique_key, concurrency_key, attempts, max_attempts, error, created_at,
    finished_at, awaited
)
select
    id, task, args, 'cancelled', priority, run_at, unique_key, concurrency_key, attempts, max_attempts, error, created_at,
    clock_timestamp(), awaited
from gone
