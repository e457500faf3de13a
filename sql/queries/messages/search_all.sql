-- The same over every chat that $1 may read. $2 are the grams of the words, $3 the words as patterns.
with readable as (
    select chat_id as id from members where user_id = $1
    union
    select id from chats
    where visibility = 'public' and kind = 'group'
        and not exists (select from bans where bans.chat_id = chats.id and bans.user_id = $1)
),
heads as (
    select chats.id as chat_id, coalesce(search_heads.seq, 0) as seq, chats.last_seq
    from readable
    join chats on chats.id = readable.id
    left join search_heads on search_heads.chat_id = chats.id
),
places as (
    select heads.chat_id, block * 128 as before, least((block + 1) * 128, heads.seq) as up_to
    from search_blocks
    join heads on heads.chat_id = search_blocks.chat_id
    where grams @> $2::integer[]
    union all
    select heads.chat_id, block * 128, least((block + 1) * 128, heads.seq)
    from search_blocks
    join heads on heads.chat_id = search_blocks.chat_id
    where grams is null and $2 is not null
    union all
    select chat_id, case when $2 is null then 0 else seq end, 9223372036854775807
    from heads
    where $2 is null or last_seq > seq
),
matched as materialized (
    select places.chat_id, found.seq, found.created_at, found.id
    from places
    cross join lateral (
        select messages.seq, messages.created_at, messages.id
        from messages
        where messages.chat_id = places.chat_id and messages.seq > places.before and messages.seq <= places.up_to
            and messages.kind in ('text', 'media', 'system')
            and (cardinality($3::text[]) = 0 or folded(messages.content) like all ($3))
            and ($4::uuid is null or messages.sender_id = $4)
            and ($5::text is null or messages.kind = $5)
            and ($6::timestamptz is null or messages.created_at >= $6)
            and ($7::timestamptz is null or messages.created_at <= $7)
        offset 0 -- place by place, not the whole table at once
    ) as found
),
page as (
    (
        select chat_id, seq, created_at, id from matched
        where $8::text <> 'created_at'
        order by created_at desc, id desc
        limit $9 offset $10
    )
    union all
    (
        select chat_id, seq, created_at, id from matched
        where $8 = 'created_at'
        order by created_at, id
        limit $9 offset $10
    )
)
select
    found.chat_id, found.seq, found.id, found.kind, found.sender_id, found.content, found.reply_to, found.mentions,
    found.client_id, found.created_at, found.updated_at, found.edited_at, found.recalled_at,
    case when found.reacted then (select reactions from reactions_of(found.chat_id, found.id)) end as reactions,
    case when found.kind = 'media' then (select attachments from attachments_of(found.chat_id, found.id)) end as attachments,
    counted.total
from (select count(*) as total from matched) as counted
left join page on true
left join messages as found on found.chat_id = page.chat_id and found.seq = page.seq
order by
    case when $8 = 'created_at' then page.created_at end, case when $8 = 'created_at' then page.id end,
    page.created_at desc, page.id desc
