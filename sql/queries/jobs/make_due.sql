-- jobs/make_due
-- One that waits for its time, or for its next attempt, is due now.
update only jobs
set run_at = least(run_at, now())
where id = $1 and status = 'queued'
returning
    id, task, args, status, priority, unique_key, concurrency_key, attempts, max_attempts, run_at, result, error,
    created_at, finished_at
