-- messages/find
select
    chat_id, seq, id, kind, sender_id, content, reply_to, mentions, client_id, created_at, updated_at, edited_at,
    recalled_at, case when messages.reacted then (select reactions from reactions_of(messages.chat_id, messages.id)) end as reactions,
    case when messages.kind = 'media' then (select attachments from attachments_of(messages.chat_id, messages.id)) end as attachments
from messages
where chat_id = $1 and id = $2 and kind in ('text', 'media', 'system')
