-- jobs/take
-- See sql/functions/take_jobs.sql.
select
    id, task, args, status, priority, unique_key, concurrency_key, attempts, max_attempts, run_at, result, error,
    created_at, finished_at, lease
from take_jobs($1, $2, $3, $4, $5, $6, $7)
