-- jobs/list_latest
-- The latest first: along the keys of both tables, which are in the order of time.
select
    id, task, args, status, priority, unique_key, concurrency_key, attempts, max_attempts, run_at, result, error,
    created_at, finished_at
from jobs
where ($1::text is null or status = $1)
    and ($2::text is null or task = $2)
    and ($3::timestamptz is null or created_at >= $3)
    and ($4::timestamptz is null or created_at <= $4)
    and ($5::timestamptz is null or finished_at >= $5)
    and ($6::timestamptz is null or finished_at <= $6)
order by id desc
limit $7 offset $8
