-- schedules/list
select
    id, name, task, args, cron, every_seconds, solar, timezone, enabled, overlap, built_in, last_run_at, next_run_at, error,
    created_at, updated_at
from schedules
where ($1::text is null or task = $1)
    and ($2::boolean is null or enabled = $2)
    and ($3::boolean is null or built_in = $3)
order by
    case when $4::text = 'name' then name end,
    case when $4 = '-name' then name end desc,
    case when $4 = 'next_run_at' then next_run_at end,
    case when $4 = '-next_run_at' then next_run_at end desc nulls last,
    case when $4 = 'created_at' then id end,
    id desc
limit $5 offset $6
