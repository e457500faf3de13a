-- webhooks/forget_lost_jobs
-- Somebody cancelled the job or deleted it, or it killed whoever ran it too often.
update webhooks
set job_id = null
where job_id is not null
    and not exists (select from only jobs where jobs.id = webhooks.job_id and jobs.status in ('queued', 'running'))
