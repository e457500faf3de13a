-- Blocks as far as the logs of chats go now, to be written. The chats are locked: what is changed after this makes its
-- block stale, and what was changed before is there to be read.
with grown as (
    select chats.id, chats.last_seq, coalesce(search_heads.seq, 0) as seq
    from chats
    left join search_heads on search_heads.chat_id = chats.id
    where chats.id = any ($1) and chats.last_seq > coalesce(search_heads.seq, 0)
),
added as (
    insert into search_blocks (chat_id, block)
    select grown.id, block
    from grown
    cross join lateral generate_series(grown.seq / 128, (grown.last_seq - 1) / 128) as block
    on conflict on constraint search_blocks_pkey do update set grams = null
)
insert into search_heads (chat_id, seq)
select id, last_seq from grown
on conflict on constraint search_heads_pkey do update set seq = excluded.seq
