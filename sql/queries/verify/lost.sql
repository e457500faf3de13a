-- verify/lost
-- The next chats that have a log and are not there, nor deleted a moment ago. A walk from chat to chat along the key, not over the entries.
with recursive walk (chat_id, n) as (
    (select chat_id, 1 from messages where chat_id > $1 order by chat_id limit 1)
    union all
    select (select messages.chat_id from messages where messages.chat_id > walk.chat_id order by messages.chat_id limit 1), n + 1
    from walk
    where walk.chat_id is not null and n < $2
)
select walk.chat_id, chats.id is not null or ended_chats.chat_id is not null as is_there
from walk
left join chats on chats.id = walk.chat_id
left join ended_chats on ended_chats.chat_id = walk.chat_id
where walk.chat_id is not null
order by walk.chat_id
