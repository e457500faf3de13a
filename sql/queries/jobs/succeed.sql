-- jobs/succeed
-- Only by who holds the lease: after it lapsed another may be at it.
update jobs
set status = 'succeeded', result = $3, error = null, finished_at = now(), lease = null, leased_until = null
where id = $1 and lease = $2
