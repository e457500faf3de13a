-- What: chats whose counters or log are not as they must be; no row means all is well. A gap means that somebody wrote
-- seq by hand, deleted from messages, or used "on conflict" there.
-- Role: anybody who may read chats, members and messages, as trunkline_reader may.
-- Writes: nothing.
-- Locks: nothing; reads all of messages, so not at the busiest hour.
select
    chats.id, chats.title, chats.first_seq, chats.last_seq, log.entries, log.highest, chats.message_count, log.messages,
    chats.member_count, people.members
from public.chats
cross join lateral (
    select
        count(*) as entries, min(seq) as lowest, max(seq) as highest,
        count(*) filter (where kind in ('text', 'media', 'system')) as messages
    from public.messages
    where messages.chat_id = chats.id
) as log
cross join lateral (select count(*) as members from public.members where members.chat_id = chats.id) as people
where (chats.last_seq - chats.first_seq + 1, chats.message_count, chats.member_count::bigint)
    is distinct from (log.entries, log.messages, people.members)
    or log.lowest <> chats.first_seq or log.highest <> chats.last_seq
order by chats.id;
