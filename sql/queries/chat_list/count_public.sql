-- chat_list/count_public
select count(*)
from chats
where visibility = 'public' and kind = 'group'
    and not exists (select from bans where bans.chat_id = chats.id and bans.user_id = $5)
    and ($1::text is null or kind = $1) and ($2::text is null or visibility = $2)
    and ($3::timestamptz is null or created_at >= $3)
    and ($4::timestamptz is null or created_at <= $4)
