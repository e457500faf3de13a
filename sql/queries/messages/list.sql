-- messages/list
select
    chat_id, seq, id, kind, sender_id, content, reply_to, mentions, client_id, created_at, updated_at, edited_at,
    recalled_at, case when page.reacted then (select reactions from reactions_of(page.chat_id, page.id)) end as reactions,
    case when page.kind = 'media' then (select attachments from attachments_of(page.chat_id, page.id)) end as attachments
from (
    select *
    from messages
    where chat_id = $1 and kind in ('text', 'media', 'system')
    order by seq desc
    limit $2 offset $3
) as page
order by seq desc
