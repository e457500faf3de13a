-- jobs/seconds_to_next
-- In how many seconds the next job of these tasks is due that is not due yet.
select extract(epoch from run_at - clock_timestamp())::float8
from only jobs
where lease is null and finished_at is null and run_at > now()
    and run_at <= now() + make_interval(secs => $2) and task = any ($1)
order by run_at
limit 1
