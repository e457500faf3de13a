-- jobs/take_back
-- Jobs whose instance has died run elsewhere, as often as they may; one that kills whoever runs it does so only so often.
with lapsed as (
    select id
    from jobs
    where status = 'running' and leased_until < now()
    limit 1000
    for update skip locked
)
update jobs
set status = case when attempts < max_attempts then 'queued' else 'failed' end,
    run_at = case when attempts < max_attempts then now() else run_at end,
    finished_at = case when attempts < max_attempts then null else now() end,
    error = 'the instance that ran it gave no sign of life',
    lease = null, leased_until = null
from lapsed
where jobs.id = lapsed.id
