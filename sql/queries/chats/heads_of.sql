-- The chats someone is in, and where their logs stand.
select chats.id, chats.last_seq
from members
join chats on chats.id = members.chat_id
where members.user_id = $1
