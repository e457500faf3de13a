-- search_runs/list_behind
-- Chats whose runs do not go far enough: that have filled one since, or grown and come to rest. Chats that lack nothing are not
-- looked at.
select chats.id
from chats
left join search_ends on search_ends.chat_id = chats.id
where chats.unindexed and chats.id > $1
    and (
        chats.last_seq / 32 > coalesce(search_ends.seq, 0) / 32 or chats.active_at < now() - interval '10 minutes'
    )
order by chats.id
limit $2
