-- jobs/release
-- By an instance that stops: as if it had never taken them.
update only jobs
set status = 'queued', run_at = now(), attempts = attempts - 1, lease = null, leased_until = null
from unnest($1::uuid[], $2::uuid[]) as held (id, lease)
where jobs.id = any ($1) and jobs.id = held.id and jobs.lease = held.lease
