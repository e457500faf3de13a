-- Chats whose blocks do not go far enough: that have grown much since, or grown and come to rest.
select chats.id
from chats
left join search_heads on search_heads.chat_id = chats.id
where chats.id > $1
    and (
        chats.last_seq - coalesce(search_heads.seq, 0) >= 4096
        or (chats.last_seq > coalesce(search_heads.seq, 0) and chats.active_at < now() - interval '10 minutes')
    )
order by chats.id
limit $2
