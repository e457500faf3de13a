-- chats/heads
-- Where the logs of these chats begin and end, which entry stands at the end, which one at the place that is asked about,
-- and whether anyone may read them.
select
    chats.id, chats.first_seq, chats.last_seq, newest.id as last_id, known.id as known_id,
    chats.visibility = 'public' and chats.kind = 'group' as is_open
from unnest($1::uuid[], $2::bigint[]) as wanted (chat_id, seq)
join chats on chats.id = wanted.chat_id
left join messages as newest on newest.chat_id = chats.id and newest.seq = chats.last_seq
left join messages as known on known.chat_id = chats.id and known.seq = wanted.seq
