-- push_subscriptions/list
select id, session_id, endpoint_hash, secret, user_agent, failures, created_at, used_at
from push_subscriptions
where user_id = $1
order by
    case when $2::text = 'created_at' then created_at end,
    case when $2 = '-created_at' then created_at end desc,
    id
limit $3 offset $4
