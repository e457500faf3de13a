-- chats/insert
-- A new chat and its creator's membership; neither is an entry in the log.
with chat as (
    insert into chats (id, visibility, title, description, owner_id)
    values ($1, $2, $3, $4, $5)
    returning id, kind, visibility, title, description, image_key, owner_id, last_seq, retention_days, created_at, updated_at
),
creator as (
    insert into members (chat_id, user_id, role)
    values ($1, $5, 'creator')
)
select
    id, kind, visibility, title, description, image_key, owner_id, 1 as member_count, last_seq,
    retention_days, created_at, updated_at, null::jsonb as peer
from chat
