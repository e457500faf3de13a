-- jobs/renew
-- The leases that still hold; what another instance has taken over meanwhile is not among them.
update only jobs
set leased_until = now() + make_interval(secs => $3)
from unnest($1::uuid[], $2::uuid[]) as held (id, lease)
where jobs.id = any ($1) and jobs.id = held.id and jobs.lease = held.lease
returning jobs.lease
