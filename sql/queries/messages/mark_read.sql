-- messages/mark_read
-- Never back, and not beyond the end. No lock on the chat: people read all the time, and a mark is no entry in the log.
update members
set last_read_seq = least($3, chats.last_seq), read_at = now()
from chats
where chats.id = members.chat_id
    and members.chat_id = $1 and members.user_id = $2 and members.last_read_seq < least($3, chats.last_seq)
returning members.last_read_seq
