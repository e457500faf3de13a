-- api_tokens/list
select id, name, scopes, created_at, expires_at, last_used_at
from api_tokens
where user_id = $1 and revoked_at is null
order by
    case when $2::text = 'created_at' then created_at end,
    case when $2 = '-created_at' then created_at end desc,
    case when $2 = 'name' then folded(name) end,
    case when $2 = '-name' then folded(name) end desc,
    case when $2 = 'last_used_at' then last_used_at end,
    case when $2 = '-last_used_at' then last_used_at end desc nulls last,
    id
limit $3 offset $4
