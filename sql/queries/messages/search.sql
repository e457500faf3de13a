-- Messages of a chat in which every word of $2 (as patterns) occurs, and that fit the filters, found by reading all of it: for
-- downloads, and where no word is given. One row at least, for the total. A window, before $7, after $8 or around $9, cuts
-- the page and not the total.
with matched as materialized (
    select messages.seq
    from messages
    where messages.chat_id = $1
        and messages.kind in ('text', 'media', 'system')
        and (cardinality($2::text[]) = 0 or folded(messages.content) like all ($2))
        and ($3::uuid is null or messages.sender_id = $3)
        and ($4::text is null or messages.kind = $4)
        and ($5::timestamptz is null or messages.created_at >= $5)
        and ($6::timestamptz is null or messages.created_at <= $6)
),
page as (
    (
        select seq from matched
        where $8::bigint is null and $9::bigint is null and ($7::bigint is null or seq < $7) and $10::text <> 'seq'
        order by seq desc
        limit $11 offset $12
    )
    union all
    (
        select seq from matched
        where $8 is null and $9 is null and ($7 is null or seq < $7) and $10 = 'seq'
        order by seq
        limit $11 offset $12
    )
    union all
    (select seq from matched where seq > $8 order by seq limit $11 offset $12)
    union all
    (select seq from matched where seq <= $9 order by seq desc limit $11::bigint / 2 + 1)
    union all
    (select seq from matched where seq > $9 order by seq limit ($11::bigint - 1) / 2)
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
order by case when $10 = 'seq' then page.seq else -page.seq end
