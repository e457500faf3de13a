-- export/reactions
-- Reads all of reactions.
select chat_id, message_id, emoji, created_at
from reactions
where user_id = $1 and exists (select from chats where chats.id = reactions.chat_id)
order by created_at
