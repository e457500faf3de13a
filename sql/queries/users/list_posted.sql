-- users/list_posted
-- The first and the latest message of somebody ($1) that has words in each of these pieces of logs: no index knows who has spoken,
-- so the pieces are read.
select places.n, said.oldest, said.newest
from unnest($2::uuid[], $3::bigint[], $4::bigint[]) with ordinality as places (chat_id, after, up_to, n)
cross join lateral (
    select min(seq) as oldest, max(seq) as newest
    from messages
    where messages.chat_id = places.chat_id and messages.seq > places.after and messages.seq <= places.up_to
        and messages.sender_id = $1 and kind in ('text', 'media') and recalled_at is null
    offset 0 -- place by place, not the whole table at once
) as said
where said.oldest is not null
order by places.n
