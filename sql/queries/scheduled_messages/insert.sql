-- scheduled_messages/insert
insert into scheduled_messages (id, user_id, chat_id, client_id, content, reply_to, attachments, send_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
returning id, user_id, chat_id, client_id, content, reply_to, attachments, send_at, failed_at, reason, created_at
