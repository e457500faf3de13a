-- seed/count
select
    (select count(*) from users) as people,
    count(*) as chats,
    coalesce(sum(message_count), 0)::bigint as messages
from chats
