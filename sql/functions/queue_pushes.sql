-- Queues what is to be sent to the devices of whom it concerns, who want it so, and have no socket open. What happens in one
-- chat waits in one row: whoever comes back to their device sees one sign of it and not fifty.
create or replace function queue_pushes() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if not exists (select from public.push_subscriptions) then
        return null;
    end if;
    insert into public.push_queue (subscription_id, topic, chat_id, notification_ids)
    select device.id, told.topic, told.chat_id, (array_agg(told.id order by told.id desc))[:20]
    from (
        select
            n.id, n.recipient_id, n.kind,
            case when n.kind in ('mention', 'reply', 'chat_added') then (n.data ->> 'chat_id')::uuid end as chat_id,
            case when n.kind in ('mention', 'reply', 'chat_added') then (n.data ->> 'chat_id')::uuid else n.id end as topic
        from added as n
    ) as told
    cross join lateral (
        select s.id from public.push_subscriptions as s where s.user_id = told.recipient_id offset 0
    ) as device
    where public.wants_push(told.recipient_id, told.kind) and public.is_away(told.recipient_id)
    group by device.id, told.topic, told.chat_id
    order by device.id, told.topic
    on conflict (subscription_id, topic) do update
    set version = push_queue.version + 1,
        notification_ids = (excluded.notification_ids || push_queue.notification_ids)[:20];
    return null;
end
$$;

create or replace trigger notifications_queue_pushes
after insert on notifications
referencing new table as added
for each statement when (not public.restoring())
execute function queue_pushes();

-- Whether somebody wants a kind to be sent to their devices.
create or replace function wants_push(person uuid, kind text) returns boolean
language plpgsql stable
set enable_seqscan = off
as $$
begin
    return coalesce(
        (
            select p.push
            from public.notification_preferences as p
            where p.user_id = person and p.kind = wants_push.kind
        ),
        public.push_by_default(kind)
    );
end
$$;

-- Each row that is new has a job of its own; what comes to a row that is there is seen by the job it has.
create or replace function queue_push_job() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    job uuid;
begin
    insert into public.jobs (task, args, max_attempts)
    values ('send_push', jsonb_build_object('subscription_id', new.subscription_id, 'topic', new.topic), 100)
    returning id into job;
    update public.push_queue as q set job_id = job where q.subscription_id = new.subscription_id and q.topic = new.topic;
    return null;
end
$$;

create or replace trigger push_queue_send
after insert on push_queue
for each row when (not public.restoring())
execute function queue_push_job();
