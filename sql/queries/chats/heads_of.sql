-- chats/heads_of
-- The chats someone is in, and where their logs stand: the number of the latest entry, and which it is. Not by a join with the
-- log: while that is small, it would be planned to read all of it, and the plan is kept.
select
    chats.id, chats.last_seq,
    (select newest.id from messages as newest where newest.chat_id = chats.id and newest.seq = chats.last_seq) as last_id
from members
join chats on chats.id = members.chat_id
where members.user_id = $1
