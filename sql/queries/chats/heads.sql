-- chats/heads
-- Where the logs of these chats begin and end, which entry stands at the end, which one at the place that is asked about,
-- and whether anyone may read them. Not by joins: while the log is small, these would be planned to read all of it, and the plan
-- is kept.
select
    chats.id, chats.first_seq, chats.last_seq,
    (select newest.id from messages as newest where newest.chat_id = chats.id and newest.seq = chats.last_seq) as last_id,
    (select known.id from messages as known where known.chat_id = chats.id and known.seq = wanted.seq) as known_id,
    chats.visibility = 'public' and chats.kind = 'group' as is_open
from unnest($1::uuid[], $2::bigint[]) as wanted (chat_id, seq)
join chats on chats.id = wanted.chat_id
