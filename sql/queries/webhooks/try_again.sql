-- webhooks/try_again
-- An attempt failed: the webhook waits for another job, which begins in $4 seconds.
with job as (
    insert into jobs (task, args, run_at, max_attempts)
    select 'deliver_webhook', jsonb_build_object('webhook_id', id), now() + make_interval(secs => $4), 100
    from webhooks
    where id = $1 and job_id = $2
    returning id
)
update webhooks
set job_id = job.id, failures = failures + 1, failed_at = now(), last_error = left($3, 500)
from job
where webhooks.id = $1 and webhooks.job_id = $2
