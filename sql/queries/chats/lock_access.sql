-- The same question, and the chat stays as it is until the transaction ends.
select
    chats.kind, chats.visibility, chats.last_seq, members.role
from chats
left join members on members.chat_id = chats.id and members.user_id = $2
where chats.id = $1
for no key update of chats
