-- The jobs that are due among these tasks, the most urgent first, each under a new lease; none of a task that is paused. What
-- another instance is taking at this moment is passed over. seen_* say where an instance was last, by task and priority:
-- it begins there, so that it does not walk over what was taken since, which vacuum may not be allowed to remove. One look at
-- the index for each priority and task: neither many jobs that wait for their time, nor many that are due, be they of these tasks
-- or of others, make this slow. Of each task as many are locked as are wanted in all, and those that were not taken are free
-- again at once. Of those with a concurrency key the first of each key is looked at, unless one with that key runs; two
-- instances that choose the same key at once are told apart by a unique index.
-- Whoever waits for a job waits for this: that it is taken need not be on the disc, for how it ends will be. What a crash of the
-- database takes back is queued, and runs once more. A job with a key has to be: its key forbids that two run at once.
-- Never by reading the whole table: a plan that was made while it was empty is kept when it is not.
create or replace function take_jobs(
    tasks text[], seen_tasks text[], seen_priorities integer[], seen_run_at timestamptz[], seen_ids uuid[], most bigint,
    lease_seconds double precision
) returns setof public.jobs
language plpgsql rows 10
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    return query
    with recursive wanted as materialized (
        select task
        from unnest(tasks) as wanted (task)
        where not exists (select from public.paused_tasks where paused_tasks.task = wanted.task)
    ),
    seen as materialized (
        select * from unnest(seen_tasks, seen_priorities, seen_run_at, seen_ids) as seen (task, priority, run_at, id)
    ),
    free as materialized (
        select job.id, priorities.priority, job.run_at
        from generate_series(10, -10, -1) as priorities (priority)
        cross join lateral (
            select first.id, first.run_at
            from wanted
            left join seen on seen.task = wanted.task and seen.priority = priorities.priority
            cross join lateral (
                select jobs.id, jobs.run_at
                from only public.jobs
                where jobs.status = 'queued' and jobs.concurrency_key is null and jobs.task = wanted.task
                    and jobs.priority = priorities.priority
                    and (jobs.run_at, jobs.id)
                        > (coalesce(seen.run_at, '-infinity'), coalesce(seen.id, '00000000-0000-0000-0000-000000000000'))
                    and jobs.run_at <= now()
                order by jobs.run_at, jobs.id
                limit most
                for update skip locked
            ) as first
            order by first.run_at, first.id
            limit most
        ) as job
        limit most
    ),
    keys as (
        (
            select jobs.concurrency_key
            from only public.jobs
            where jobs.status = 'queued' and jobs.concurrency_key is not null
            order by jobs.concurrency_key
            limit 1
        )
        union all
        select (
            select jobs.concurrency_key
            from only public.jobs
            where jobs.status = 'queued' and jobs.concurrency_key > keys.concurrency_key
            order by jobs.concurrency_key
            limit 1
        )
        from keys
        where keys.concurrency_key is not null
    ),
    keyed as materialized (
        select first.id, first.priority, first.run_at
        from keys
        cross join lateral (
            select jobs.id, jobs.priority, jobs.run_at
            from only public.jobs
            where jobs.status = 'queued' and jobs.concurrency_key = keys.concurrency_key and jobs.run_at <= now()
                and jobs.task in (select wanted.task from wanted)
            order by jobs.priority desc, jobs.run_at, jobs.id
            limit 1
        ) as first
        where not exists (
            select from only public.jobs as other where other.status = 'running' and other.concurrency_key = keys.concurrency_key
        )
    ),
    chosen as materialized (
        select id
        from (select * from free union all select * from keyed) as both_kinds
        order by priority desc, run_at, id
        limit most
    ),
    taken as (
        update only public.jobs
        set status = 'running', attempts = attempts + 1, lease = gen_random_uuid(),
            leased_until = now() + make_interval(secs => lease_seconds)
        -- Nobody has taken it meanwhile. Not asked by its status, or an index of those that wait would be read from end to end.
        where jobs.id = any (array(select chosen.id from chosen)) and jobs.lease is null
        returning jobs.*
    ),
    -- Asked of what was taken: before that, others may add a job with a key.
    durability as materialized (
        select case when bool_and(concurrency_key is null) then set_config('synchronous_commit', 'off', true) end from taken
    )
    select taken.*
    from taken
    cross join durability
    order by taken.priority desc, taken.run_at, taken.id;
end
$$;
