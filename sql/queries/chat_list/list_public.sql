-- chat_list/list_public
-- Who is banned from a chat ($8) does not find it. $1 is the order, a field or with - the other way round.
with page as (
    select id
    from chats
    where visibility = 'public' and kind = 'group'
        and not exists (select from bans where bans.chat_id = chats.id and bans.user_id = $8)
        and ($2::text is null or kind = $2) and ($3::text is null or visibility = $3)
        and ($4::timestamptz is null or created_at >= $4)
        and ($5::timestamptz is null or created_at <= $5)
    order by
        case $1::text when 'title' then folded(title) end,
        case $1 when '-title' then folded(title) end desc,
        case $1 when 'member_count' then member_count when '-member_count' then -member_count end,
        case $1 when 'created_at' then created_at when 'active_at' then active_at end,
        case $1 when '-created_at' then created_at end desc,
        active_at desc, id desc
    limit $6 offset $7
)
select
    chats.id, chats.kind, chats.visibility, chats.title, chats.description, chats.image_key, chats.owner_id,
    chats.member_count, chats.last_seq, chats.retention_days, chats.created_at, chats.updated_at, null::jsonb as peer
from page
join chats on chats.id = page.id
order by
    case $1 when 'title' then folded(title) end,
    case $1 when '-title' then folded(title) end desc,
    case $1 when 'member_count' then member_count when '-member_count' then -member_count end,
    case $1 when 'created_at' then created_at when 'active_at' then active_at end,
    case $1 when '-created_at' then created_at end desc,
    active_at desc, chats.id desc
