-- jobs/fail
-- Tried again after a pause of $4 seconds, as often as it may.
update jobs
set status = case when attempts < max_attempts then 'queued' else 'failed' end,
    run_at = case when attempts < max_attempts then now() + make_interval(secs => $4) else run_at end,
    finished_at = case when attempts < max_attempts then null else now() end,
    error = left($3, 2000), lease = null, leased_until = null
where id = $1 and lease = $2
returning status
