-- chats/list_overdue
-- Chats after this one whose log begins with something older than their retention allows.
select chats.id
from chats
cross join lateral (
    select created_at
    from messages
    where messages.chat_id = chats.id and messages.seq >= chats.first_seq
    order by messages.seq
    limit 1
) as oldest
where chats.retention_days is not null and chats.id > $1
    and oldest.created_at < now() - make_interval(days => chats.retention_days)
order by chats.id
limit $2
