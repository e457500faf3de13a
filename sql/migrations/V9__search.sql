-- Where to look for words: what stands in each stretch of 128 places of a log.

-- An index on the messages themselves would cost every post as much as the post; this one is written afterwards, when a
-- chat has grown or come to rest, and holds what occurs in a stretch once.
create table search_blocks (
    chat_id uuid not null constraint search_blocks_chat_id_fkey references chats (id) on delete cascade,
    block bigint not null,
    grams integer[],
    constraint search_blocks_pkey primary key (chat_id, block)
);
-- Merged a megabyte at a time: every search reads what is not merged yet, and merging each block by itself takes ten
-- times as long.
create index search_blocks_grams_idx on search_blocks using gin (grams) with (fastupdate = on, gin_pending_list_limit = 1024);
create index search_blocks_stale_idx on search_blocks (chat_id, block) where grams is null;
comment on table search_blocks is 'Block n of a chat holds the places n * 128 + 1 to (n + 1) * 128 of its log. Derived from messages: '
    'may be emptied together with search_heads, and is written anew.';
comment on column search_blocks.grams is 'Hashes of every one, two and three characters in a row that occur in the block; '
    'null when a message of it was changed since, until it is read again.';

create table search_heads (
    chat_id uuid not null constraint search_heads_pkey primary key
        constraint search_heads_chat_id_fkey references chats (id) on delete cascade,
    seq bigint not null
);
comment on table search_heads is 'How far search_blocks goes in each chat; what lies beyond is searched by reading it.';
