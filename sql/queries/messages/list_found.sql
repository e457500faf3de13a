-- messages/list_found
-- The messages at these places, in this order.
select
    found.chat_id, found.seq, found.id, found.kind, found.sender_id, found.content, found.reply_to, found.mentions,
    found.client_id, found.created_at, found.updated_at, found.edited_at, found.recalled_at,
    case when found.reacted then (select reactions from reactions_of(found.chat_id, found.id)) end as reactions,
    case when found.kind = 'media' then (select attachments from attachments_of(found.chat_id, found.id)) end as attachments
from unnest($1::uuid[], $2::bigint[]) with ordinality as places (chat_id, seq, n)
cross join lateral (
    select * from messages where messages.chat_id = places.chat_id and messages.seq = places.seq limit 1
) as found
order by places.n
