-- jobs/give_back
-- By an instance that stops, or cannot do them now: as if it had never taken them.
update jobs
set status = 'queued', run_at = now() + make_interval(secs => $3), attempts = attempts - 1, lease = null,
    leased_until = null
from unnest($1::uuid[], $2::uuid[]) as held (id, lease)
where jobs.id = held.id and jobs.lease = held.lease
