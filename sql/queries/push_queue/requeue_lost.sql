-- push_queue/requeue_lost
-- What has waited for long and has no job any more, because somebody removed it: it gets another.
insert into jobs (task, args, max_attempts)
select
    'send_push',
    jsonb_build_object('subscription_id', push_queue.subscription_id, 'topic', push_queue.topic), 100
from push_queue
where push_queue.created_at < now() - interval '10 minutes'
    and not exists (
        select from jobs
        where jobs.task = 'send_push' and jobs.status in ('queued', 'running')
            and jobs.args = jsonb_build_object('subscription_id', push_queue.subscription_id, 'topic', push_queue.topic)
    )
limit 1000
