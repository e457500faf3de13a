-- export/files
select id, name, content_type, size, chat_id, message_id, created_at
from files
where owner_id = $1 and state in ('loose', 'attached')
    and (chat_id is null or exists (select from chats where chats.id = files.chat_id))
order by id
