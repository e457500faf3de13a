-- webhooks/tell
insert into messages (chat_id, kind, content) values ($1, 'system', $2)
