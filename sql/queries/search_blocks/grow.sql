-- Blocks as far as the log of a chat goes now, to be written. The chat is locked: what is changed after this makes its
-- block stale, and what was changed before is there to be read.
with chat as (
    select chats.id, chats.last_seq, coalesce(search_heads.seq, 0) as seq
    from chats
    left join search_heads on search_heads.chat_id = chats.id
    where chats.id = $1 and chats.last_seq > coalesce(search_heads.seq, 0)
),
added as (
    insert into search_blocks (chat_id, block)
    select chat.id, block
    from chat
    cross join lateral generate_series(chat.seq / 128, (chat.last_seq - 1) / 128) as block
    on conflict on constraint search_blocks_pkey do update set grams = null
)
insert into search_heads (chat_id, seq)
select id, last_seq from chat
on conflict on constraint search_heads_pkey do update set seq = excluded.seq
