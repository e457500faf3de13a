-- messages/download
-- Messages between two places of a chat in which every word of $4 (as patterns) occurs, and that fit the filters, the newest
-- first: for downloads, found by reading all of it along the key.
select
    chat_id, seq, id, kind, sender_id, content, reply_to, mentions, client_id, created_at, updated_at, edited_at,
    recalled_at, case when messages.reacted then (select reactions from reactions_of(messages.chat_id, messages.id)) end as reactions,
    case when messages.kind = 'media' then (select attachments from attachments_of(messages.chat_id, messages.id)) end as attachments
from messages
where chat_id = $1 and seq > $2 and seq <= $3
    and kind in ('text', 'media', 'system')
    and (cardinality($4::text[]) = 0 or folded(content) like all ($4))
    and ($5::uuid is null or sender_id = $5)
    and ($6::text is null or kind = $6)
    and ($7::timestamptz is null or created_at >= $7)
    and ($8::timestamptz is null or created_at <= $8)
order by seq desc
