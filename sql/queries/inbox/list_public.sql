-- Newest activity first.
select
    id, kind, visibility, title, description, image_key, owner_id, member_count, last_seq, retention_days,
    created_at, updated_at,
    count(*) over () as total
from chats
where visibility = 'public' and kind = 'group'
order by active_at desc, id desc
limit $1 offset $2
