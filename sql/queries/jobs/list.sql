-- jobs/list
select
    id, task, args, status, attempts, max_attempts, run_at, result, error, created_at, finished_at
from jobs
where $1::text is null or status = $1
order by id desc
limit $2
