-- jobs/reclaim
-- Jobs whose instance has died run elsewhere, as often as they may; one that kills whoever runs it does so only so often. Leases
-- that lapsed longer ago than $1 seconds were reclaimed before, unless this has never been done (null).
with lapsed as (
    select id
    from only jobs
    where status = 'running' and leased_until < now()
        and leased_until >= coalesce(now() - make_interval(secs => $1), '-infinity')
    limit 1000
    for update skip locked
)
update only jobs
set status = case when attempts < max_attempts then 'queued' else 'failed' end,
    run_at = case when attempts < max_attempts then now() else run_at end,
    finished_at = case when attempts < max_attempts then null else now() end,
    error = 'the instance that ran it sent no heartbeat',
    lease = null, leased_until = null
from lapsed
where jobs.id = lapsed.id
