-- messages/list_next
-- The ones just after, newest first all the same.
select
    chat_id, seq, id, kind, sender_id, content, reply_to, mentions, client_id, created_at, updated_at, edited_at,
    recalled_at, case when next.reacted then (select reactions from reactions_of(next.chat_id, next.id)) end as reactions,
    case when next.kind = 'media' then (select attachments from attachments_of(next.chat_id, next.id)) end as attachments
from (
    select *
    from messages
    where chat_id = $1 and seq > $2 and kind in ('text', 'media', 'system')
    order by seq
    limit $3 offset $4
) as next
order by seq desc
