-- webhooks/list
select id, url, events, active, delivered_seq, failures, failed_at, last_error, created_by, created_at
from webhooks
where chat_id = $1
order by
    case when $2::text = 'created_at' then created_at end,
    case when $2 = '-created_at' then created_at end desc,
    id desc
limit $3 offset $4
