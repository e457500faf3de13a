select
    id, kind, visibility, title, description, image_key, owner_id, member_count, last_seq, retention_days,
    created_at, updated_at
from chats
where id = $1
