-- How attempts ended, many at once: succeeded, failed or postponed. What is over moves to finished_jobs; what may be tried again,
-- or was not its turn, waits for so many seconds. Only by who holds the lease: after it lapsed another may be at it, and what is
-- said of it is not among the answers. Those that are over are so in the order of these arrays.
-- Never by reading the whole table or an index from end to end: there may be few rows, and beside them many that are over and that
-- vacuum may not remove while somebody holds an old snapshot. So the ids are asked for as such, whatever the join is.
create or replace function finish_jobs(
    ids uuid[], leases uuid[], outcomes text[], results jsonb[], errors text[], pauses double precision[]
) returns table (job_id uuid, job_status text)
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    return query
    with said as (
        select *
        from unnest(ids, leases, outcomes, results, errors, pauses)
            with ordinality as said (id, lease, outcome, result, error, pause, number)
    ),
    gone as (
        delete from only public.jobs
        using said
        where jobs.id = any (ids) and jobs.id = said.id and jobs.lease = said.lease
            and (said.outcome = 'succeeded' or (said.outcome = 'failed' and jobs.attempts >= jobs.max_attempts))
        returning
            jobs.id, jobs.task, jobs.args, said.outcome, jobs.priority, jobs.run_at, jobs.unique_key, jobs.concurrency_key,
            jobs.attempts, jobs.max_attempts, said.result, left(said.error, 2000) as error, jobs.created_at, jobs.awaited,
            said.number
    ),
    over as (
        insert into public.finished_jobs (
            id, task, args, status, priority, run_at, unique_key, concurrency_key, attempts, max_attempts, result, error,
            created_at, finished_at, awaited
        )
        select
            gone.id, gone.task, gone.args, gone.outcome, gone.priority, gone.run_at, gone.unique_key, gone.concurrency_key,
            gone.attempts, gone.max_attempts, gone.result, gone.error, gone.created_at, clock_timestamp(), gone.awaited
        from (select * from gone order by number) as gone
        returning finished_jobs.id, finished_jobs.status
    ),
    again as (
        update only public.jobs
        set status = 'queued', run_at = now() + make_interval(secs => said.pause), lease = null, leased_until = null,
            attempts = jobs.attempts - case when said.outcome = 'postponed' then 1 else 0 end,
            error = coalesce(left(said.error, 2000), jobs.error)
        from said
        where jobs.id = any (ids) and jobs.id = said.id and jobs.lease = said.lease
            and (said.outcome = 'postponed' or (said.outcome = 'failed' and jobs.attempts < jobs.max_attempts))
        returning jobs.id, jobs.status
    )
    select over.id, over.status from over
    union all
    select again.id, again.status from again;
end
$$;
