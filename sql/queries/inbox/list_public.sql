select
    id, kind, visibility, title, description, image_key, owner_id, member_count, last_seq, created_at, updated_at,
    count(*) over () as total
from chats
where visibility = 'public' and kind = 'group'
order by
    case when $1::text = 'title' then lower(title) end,
    case when $1 = '-title' then lower(title) end desc nulls last,
    case
        when $1 = 'active_at' then active_at
        when $1 = 'created_at' then created_at
    end,
    case when $1 = '-created_at' then created_at end desc,
    case when $1 = 'member_count' then member_count when $1 = '-member_count' then -member_count end,
    active_at desc, id desc
limit $2 offset $3
