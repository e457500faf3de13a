-- scheduled_messages/fail
-- Once: whoever sent it beside us has told the sender.
update scheduled_messages
set failed_at = now(), reason = $2, leased_until = null
where id = $1 and failed_at is null
returning id, user_id, chat_id, client_id, content, reply_to, attachments, send_at, failed_at, reason, created_at
