-- jobs/find
select
    id, task, args, status, priority, unique_key, concurrency_key, attempts, max_attempts, run_at, result, error,
    created_at, finished_at
from jobs
where id = $1
