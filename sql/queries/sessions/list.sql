-- sessions/list
select id, user_agent, address, created_at, last_used_at
from sessions
where user_id = $1 and revoked_at is null and expires_at > now()
order by
    case when $2::text = 'last_used_at' then last_used_at end,
    case when $2 = '-last_used_at' then last_used_at end desc,
    case when $2 = 'created_at' then created_at end,
    case when $2 = '-created_at' then created_at end desc,
    id
limit $3 offset $4
