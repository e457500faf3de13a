-- webhooks/list_behind
select distinct webhooks.chat_id
from webhooks
join lateral (select last_seq from chats where chats.id = webhooks.chat_id limit 1) as chat on true
where webhooks.active and webhooks.job_id is null and chat.last_seq > webhooks.delivered_seq
