-- chats/access
-- What decides whether someone may enter: the one check of every endpoint.
select
    chats.kind, chats.visibility, chats.first_seq, chats.last_seq, chats.message_count, members.role,
    case when chats.kind = 'direct' then block_in(chats.id, $2) end as block,
    members.role is null
        and exists (select from bans where bans.chat_id = chats.id and bans.user_id = $2) as is_banned
from chats
left join members on members.chat_id = chats.id and members.user_id = $2
where chats.id = $1
