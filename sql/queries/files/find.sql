-- One that may be fetched by somebody.
select
    id, name, content_type, size, width, height, thumbnail_type, thumbnail_size, owner_id, chat_id
from files
where id = $1 and state in ('loose', 'attached')
