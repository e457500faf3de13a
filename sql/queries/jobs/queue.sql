-- jobs/queue
-- An unfinished job with the same unique_key is answered instead. "do update", not "do nothing": it answers the row also
-- when another transaction has just written it; nothing of it changes.
insert into jobs as job (id, task, args, run_at, priority, unique_key, max_attempts, concurrency_key)
values ($1, $2, $3, coalesce($4, now()), $5, $6, $7, $8)
on conflict (unique_key) where unique_key is not null and status in ('queued', 'running')
do update set unique_key = job.unique_key
returning
    id, task, args, status, priority, unique_key, concurrency_key, attempts, max_attempts, run_at, result, error,
    created_at, finished_at
