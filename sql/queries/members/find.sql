-- members/find
select
    members.user_id, users.username, users.name, users.avatar_key, members.role, members.last_read_seq,
    members.joined_at
from members
join users on users.id = members.user_id
where members.chat_id = $1 and members.user_id = $2
