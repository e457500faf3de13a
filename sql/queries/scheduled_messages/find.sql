-- scheduled_messages/find
-- What waits under this name.
select id, user_id, chat_id, client_id, content, reply_to, attachments, send_at, failed_at, reason, created_at
from scheduled_messages
where user_id = $1 and chat_id = $2 and client_id = $3 and failed_at is null
