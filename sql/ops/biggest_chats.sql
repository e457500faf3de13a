-- What: the twenty chats with the longest logs.
-- Role: anybody who may read chats, as trunkline_reader may.
-- Writes: nothing.
-- Locks: nothing; reads all of chats.
select id, kind, visibility, title, last_seq, message_count, member_count, active_at
from public.chats
order by last_seq desc
limit 20;
