-- jobs/count_due
-- Not exactly when they are very many.
select count(*)
from (
    select from only jobs where lease is null and finished_at is null and run_at <= now() limit 10000
) as due
