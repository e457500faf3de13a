-- users/list_to_leave
-- The chats that somebody is in, that are theirs, or where they answer for a webhook.
select chat_id
from (
    select chat_id from members where user_id = $1
    union
    select id from chats where owner_id = $1
    union
    select chat_id from webhooks where created_by = $1
) as theirs
order by chat_id
limit $2
