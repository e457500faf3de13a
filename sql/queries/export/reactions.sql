-- Reads all of reactions.
select chat_id, message_id, emoji, created_at
from reactions
where user_id = $1
order by created_at
