-- export/memberships
select
    chats.id as chat_id, chats.kind, chats.visibility, chats.title, members.role, members.last_read_seq, members.joined_at
from members
join chats on chats.id = members.chat_id
where members.user_id = $1
order by members.joined_at, chats.id
