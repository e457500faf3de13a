-- export/scheduled_messages
select id, chat_id, client_id, content, reply_to, attachments, send_at, failed_at, reason, created_at
from scheduled_messages
where user_id = $1
order by created_at, id
