-- search_runs/end
-- How far the runs of a chat go, and where its log begins and ends.
select coalesce(search_ends.seq, 0) as known_to, chats.first_seq, chats.last_seq
from chats
left join search_ends on search_ends.chat_id = chats.id
where chats.id = $1
