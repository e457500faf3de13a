-- files/find
-- One that may be fetched by somebody; not one that a deleted chat has left.
select
    id, name, content_type, size, width, height, thumbnail_type, thumbnail_size, owner_id, chat_id
from files
where id = $1 and state in ('loose', 'attached')
    and (chat_id is null or exists (select from chats where chats.id = files.chat_id))
