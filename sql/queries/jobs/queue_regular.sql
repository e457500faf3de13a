-- jobs/queue_regular
-- Queues the tasks whose interval has passed since they were last queued, unless they are still at it. A task that was
-- never seen before has its first turn after one interval; one that was still at it when its turn came has the turn once it has
-- ended. Of instances that ask at once, one does it.
with wanted as (
    select * from unnest($1::text[], $2::float8[]) as wanted (task, seconds)
),
noted as (
    insert into ticks (task) select task from wanted on conflict do nothing
),
due as (
    select ticks.task
    from ticks
    join wanted on wanted.task = ticks.task
    where ticks.fired_at <= now() - make_interval(secs => wanted.seconds)
        and not exists (
            select from jobs
            where unique_key = 'regular:' || ticks.task and unique_key is not null and status in ('queued', 'running')
        )
    for update of ticks skip locked
),
fired as (
    update ticks set fired_at = now() from due where ticks.task = due.task returning ticks.task
)
insert into jobs (task, unique_key, max_attempts)
select task, 'regular:' || task, 1 from fired
on conflict do nothing
