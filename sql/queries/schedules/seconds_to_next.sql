-- schedules/seconds_to_next
-- In how many seconds the next one runs; null when none does.
select extract(epoch from min(next_run_at) - clock_timestamp())::float8
from schedules
where enabled and (not built_in or task = any ($1))
