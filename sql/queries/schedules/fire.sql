-- schedules/fire
-- Queues the job of one time, and says when the next one is. Whoever does it first has done it: the others find another
-- next_run_at. With overlap 'skip' no job is queued while the last one is not over; with 'queue' they run one after the other.
-- The answer: whether it was this instance that did it, and how many jobs were queued.
with fired as (
    update schedules
    set next_run_at = $3, planned_at = now(),
        last_run_at = case
            when overlap = 'skip' and exists (
                select from only jobs
                where unique_key = case when schedules.built_in then 'regular:' || schedules.task else 'schedule:' || schedules.id end
                    and unique_key is not null and status in ('queued', 'running')
            ) then last_run_at
            else clock_timestamp()
        end
    where id = $1 and next_run_at = $2 and enabled and next_run_at <= now()
    returning
        task, args, overlap, built_in, case when built_in then 'regular:' || task else 'schedule:' || id end as key
),
queued as (
    insert into jobs (task, args, unique_key, concurrency_key, max_attempts)
    select
        task, args, case when overlap = 'skip' then key end, case when overlap = 'queue' then key end,
        case when built_in then 1 else 5 end
    from fired
    on conflict (unique_key) where unique_key is not null and status in ('queued', 'running') do nothing
    returning id
)
select exists (select from fired) as is_first, (select count(*) from queued) as queued
