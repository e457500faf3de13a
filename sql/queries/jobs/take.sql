-- jobs/take
-- The jobs that are due among these tasks, the most urgent first, each under a new lease. What another instance is taking
-- at this moment is passed over. One look at the index for each priority and task: neither many jobs that wait for their
-- time, nor many that are due, be they of these tasks or of others, make this slow. Of each task as many are locked as are
-- wanted in all, and those that were not taken are free again at once.
with due as materialized (
    select job.id
    from generate_series(10, -10, -1) as priorities (priority)
    cross join lateral (
        select first.id
        from unnest($1::text[]) as tasks (task)
        cross join lateral (
            select jobs.id, jobs.run_at
            from jobs
            where jobs.status = 'queued' and jobs.task = tasks.task and jobs.priority = priorities.priority
                and jobs.run_at <= now()
            order by jobs.run_at, jobs.id
            limit $2
            for update skip locked
        ) as first
        order by first.run_at, first.id
        limit $2
    ) as job
    limit $2
)
update jobs
set status = 'running', attempts = attempts + 1, lease = gen_random_uuid(),
    leased_until = now() + make_interval(secs => $3)
where jobs.id = any (array(select due.id from due))
returning
    jobs.id, jobs.task, jobs.args, jobs.status, jobs.attempts, jobs.max_attempts, jobs.run_at, jobs.result, jobs.error,
    jobs.created_at, jobs.finished_at, jobs.lease
