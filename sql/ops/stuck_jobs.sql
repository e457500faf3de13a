-- What: jobs that need somebody, and why: due for more than a minute and not begun (no instance runs, or all workers are busy:
-- `trunkline work` gives more), begun by somebody who was not heard of since (another instance takes it within a minute), or
-- failed for good (`error` says why; the cookbook of sql/README.md retries them).
-- Role: the owner of the tables, or trunkline_app: what jobs are given may be secret, so nobody else may read them.
-- Writes: nothing.
-- Locks: nothing.
select
    case status
        when 'queued' then 'late'
        when 'running' then 'left by its worker'
        else 'failed for good'
    end as why,
    id, task, attempts, max_attempts, run_at, leased_until, left(error, 200) as error
from public.jobs
where (status = 'queued' and run_at < now() - interval '1 minute')
    or (status = 'running' and leased_until < now() - interval '1 minute')
    or status = 'failed'
order by why, run_at
limit 200;
