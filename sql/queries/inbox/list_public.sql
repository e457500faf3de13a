-- $1 is the order, a field or with - the other way round.
select
    id, kind, visibility, title, description, image_key, owner_id, member_count, last_seq, retention_days,
    created_at, updated_at, null::jsonb as peer, count(*) over () as total
from chats
where visibility = 'public' and kind = 'group'
    and ($2::text is null or kind = $2) and ($3::text is null or visibility = $3)
    and ($4::timestamptz is null or created_at >= $4)
    and ($5::timestamptz is null or created_at <= $5)
order by
    case $1::text when 'title' then folded(title) end,
    case $1 when '-title' then folded(title) end desc,
    case $1 when 'member_count' then member_count end,
    case $1 when '-member_count' then member_count end desc,
    case $1 when 'created_at' then created_at when 'active_at' then active_at end,
    case $1 when '-created_at' then created_at end desc,
    active_at desc, id desc
limit $6 offset $7
