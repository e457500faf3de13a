select id, name, content_type, size, chat_id, message_id, created_at
from files
where owner_id = $1 and state in ('loose', 'attached')
order by id
