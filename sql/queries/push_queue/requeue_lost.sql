-- push_queue/requeue_lost
-- What waits without a job, because somebody removed or cancelled it, or because it killed whoever ran it too often: it gets another.
with lost as (
    select subscription_id, topic, uuid_v7() as job_id
    from push_queue
    where created_at < now() - interval '1 minute'
        and not exists (select from jobs where jobs.id = push_queue.job_id and jobs.status in ('queued', 'running'))
    order by subscription_id, topic
    limit 1000
    for update skip locked
),
queued as (
    insert into jobs (id, task, args, max_attempts)
    select job_id, 'send_push', jsonb_build_object('subscription_id', subscription_id, 'topic', topic), 100
    from lost
)
update push_queue
set job_id = lost.job_id
from lost
where push_queue.subscription_id = lost.subscription_id and push_queue.topic = lost.topic
