-- The next chats ($2, $3), each with the first and the latest message of somebody ($1) that has words: no index knows who has
-- spoken, so each log is read.
select chats.id as chat_id, said.oldest, said.newest
from (select id from chats where id > $2 order by id limit $3) as chats
cross join lateral (
    select min(seq) as oldest, max(seq) as newest
    from messages
    where messages.chat_id = chats.id and messages.sender_id = $1 and kind in ('text', 'media') and recalled_at is null
) as said
order by chats.id
