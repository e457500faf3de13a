-- chats/list_places
-- The same for several people, each of a chat, and which entries stand at the end of its log and at a place of it: a row for each
-- that is asked, in their order.
select
    access.kind, access.visibility, access.first_seq, access.last_seq, access.message_count, access.role, access.block,
    access.is_banned,
    (select id from messages where chat_id = asked.chat_id and seq = access.last_seq) as last_id,
    (select id from messages where chat_id = asked.chat_id and seq = asked.seq) as known_id
from unnest($1::uuid[], $2::uuid[], $3::bigint[]) with ordinality as asked (chat_id, user_id, seq, n)
left join lateral (
    select * from access_to(asked.chat_id, asked.user_id) limit 1 -- one by one, not the whole table at once
) as access on true
order by asked.n
