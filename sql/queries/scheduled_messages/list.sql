-- scheduled_messages/list
select id, user_id, chat_id, client_id, content, reply_to, attachments, send_at, failed_at, reason, created_at
from scheduled_messages
where user_id = $1 and ($2::uuid is null or chat_id = $2)
order by
    case when $3::text = 'send_at' then send_at end,
    case when $3 = '-send_at' then send_at end desc,
    id
limit $4 offset $5
