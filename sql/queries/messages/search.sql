-- Messages of a chat in which every word of $3 (as patterns) occurs, and that fit the filters. $2 are the grams of the
-- words: they tell the blocks in which to look; without them the whole chat is read. One row at least, for the total.
-- A window, before $8, after $9 or around $10, cuts the page and not the total.
with head as (
    select coalesce((select seq from search_heads where chat_id = $1), 0) as seq
),
places as (
    select block * 128 as before, least((block + 1) * 128, head.seq) as up_to
    from search_blocks
    cross join head
    where chat_id = $1 and grams @> $2::integer[]
    union all
    select block * 128, least((block + 1) * 128, head.seq)
    from search_blocks
    cross join head
    where chat_id = $1 and grams is null and $2 is not null
    union all
    select case when $2 is null then 0 else head.seq end, 9223372036854775807
    from head
),
matched as materialized (
    select found.seq
    from places
    cross join lateral (
        select messages.seq
        from messages
        where messages.chat_id = $1 and messages.seq > places.before and messages.seq <= places.up_to
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
        select seq from matched
        where $9::bigint is null and $10::bigint is null and ($8::bigint is null or seq < $8) and $11::text <> 'seq'
        order by seq desc
        limit $12 offset $13
    )
    union all
    (
        select seq from matched
        where $9 is null and $10 is null and ($8 is null or seq < $8) and $11 = 'seq'
        order by seq
        limit $12 offset $13
    )
    union all
    (select seq from matched where seq > $9 order by seq limit $12 offset $13)
    union all
    (select seq from matched where seq <= $10 order by seq desc limit $12::bigint / 2 + 1)
    union all
    (select seq from matched where seq > $10 order by seq limit ($12::bigint - 1) / 2)
)
select
    found.chat_id, found.seq, found.id, found.kind, found.sender_id, found.content, found.reply_to, found.mentions,
    found.client_id, found.created_at, found.updated_at, found.edited_at, found.recalled_at,
    case when found.reacted then (select reactions from reactions_of(found.chat_id, found.id)) end as reactions,
    case when found.kind = 'media' then (select attachments from attachments_of(found.chat_id, found.id)) end as attachments,
    counted.total
from (select count(*) as total from matched) as counted
left join page on true
left join messages as found on found.chat_id = $1 and found.seq = page.seq
order by case when $11 = 'seq' then page.seq else -page.seq end
