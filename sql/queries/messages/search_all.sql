-- messages/search_all
-- Every message in which every word of $2 (as patterns) occurs, and that fits the filters, in any chat that $1 may read: for
-- downloads, found by reading all of it.
with readable as (
    select chat_id as id from members where user_id = $1
    union
    select id from chats
    where visibility = 'public' and kind = 'group'
        and not exists (select from bans where bans.chat_id = chats.id and bans.user_id = $1)
)
select
    found.chat_id, found.seq, found.id, found.kind, found.sender_id, found.content, found.reply_to, found.mentions,
    found.client_id, found.created_at, found.updated_at, found.edited_at, found.recalled_at,
    case when found.reacted then (select reactions from reactions_of(found.chat_id, found.id)) end as reactions,
    case when found.kind = 'media' then (select attachments from attachments_of(found.chat_id, found.id)) end as attachments
from readable
cross join lateral (
    select messages.*
    from messages
    where messages.chat_id = readable.id
        and messages.kind in ('text', 'media', 'system')
        and folded(messages.content) like all ($2::text[])
        and ($3::uuid is null or messages.sender_id = $3)
        and ($4::text is null or messages.kind = $4)
        and ($5::timestamptz is null or messages.created_at >= $5)
        and ($6::timestamptz is null or messages.created_at <= $6)
    offset 0 -- chat by chat
) as found
order by
    case when $7::text = 'created_at' then found.created_at end, case when $7 = 'created_at' then found.id end,
    found.created_at desc, found.id desc
