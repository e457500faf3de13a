-- messages/edit
-- The same words again are no edit: no row is touched, and no number taken.
update messages
set content = $3
where chat_id = $1 and id = $2 and recalled_at is null and content is distinct from $3
