-- chat_list/list_newest_public
-- Public chats, the newest activity first: the order in which they are looked through, which an index gives. With words ($4, as
-- patterns) for a search that finds many: a full page, or nothing.
select
    chats.id, chats.kind, chats.visibility, chats.title, chats.description, chats.image_key, chats.owner_id,
    chats.member_count, chats.last_seq, chats.retention_days, chats.created_at, chats.updated_at, null::jsonb as peer
from find_public($1, $2, $3, $4, $5, $6) with ordinality as page (id, place)
join chats on chats.id = page.id
order by page.place
