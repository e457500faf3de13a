-- webhooks/find_due
-- What the job $2 has to send: nothing when the webhook is gone or switched off, or another job has it.
select
    webhooks.id, webhooks.chat_id, webhooks.url, webhooks.events, webhooks.secret, webhooks.delivered_seq,
    webhooks.failures, webhooks.created_by, chats.last_seq
from webhooks
join chats on chats.id = webhooks.chat_id
where webhooks.id = $1 and webhooks.job_id = $2 and webhooks.active
