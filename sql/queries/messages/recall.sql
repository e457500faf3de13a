-- messages/recall
update messages
set recalled_at = now()
where chat_id = $1 and id = $2 and recalled_at is null
