-- jobs/seconds_to_next
-- In how many seconds the next job is due, whoever's it is; null when none waits. Less than 0: it is due already.
select extract(epoch from min(run_at) - clock_timestamp())::float8
from jobs
where status = 'queued'
