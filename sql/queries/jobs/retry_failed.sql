-- jobs/retry_failed
-- A piece of those that failed, in the order of their ids from $4 on, waits again; not where another with the same unique_key is
-- unfinished. The answer: how many wait again, and where the next piece begins.
with failed as materialized (
    select id
    from only finished_jobs
    where status = 'failed' and id > $4
        and ($1::text is null or task = $1)
        and ($2::timestamptz is null or finished_at >= $2)
        and ($3::timestamptz is null or finished_at <= $3)
    order by id
    limit 1000
    for update
),
queued as (
    insert into jobs (id, task, args, priority, unique_key, concurrency_key, max_attempts, error, created_at)
    select old.id, old.task, old.args, old.priority, old.unique_key, old.concurrency_key, old.max_attempts, old.error, old.created_at
    from only finished_jobs as old
    where old.id in (select failed.id from failed)
    order by old.id
    on conflict (unique_key) where unique_key is not null and status in ('queued', 'running') do nothing
    returning id
),
gone as (
    delete from only finished_jobs where id in (select queued.id from queued)
)
select (select count(*) from queued) as retried, (select id from failed order by id desc limit 1) as last_id
