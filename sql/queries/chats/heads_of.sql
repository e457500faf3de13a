-- chats/heads_of
-- The chats someone is in, and where their logs stand: the number of the latest entry, and which it is.
select chats.id, chats.last_seq, newest.id as last_id
from members
join chats on chats.id = members.chat_id
left join messages as newest on newest.chat_id = chats.id and newest.seq = chats.last_seq
where members.user_id = $1
