-- webhooks/delete
delete from webhooks where chat_id = $1 and id = $2
