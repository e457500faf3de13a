-- export/messages
-- Everything someone has said, wherever they may still be, but not what a deleted chat has left. Reads all of messages: there is no index for what is asked so
-- seldom.
select
    chat_id, seq, id, kind, sender_id, content, reply_to, mentions, client_id, created_at, updated_at, edited_at,
    recalled_at, case when messages.reacted then (select reactions from reactions_of(messages.chat_id, messages.id)) end as reactions,
    case when messages.kind = 'media' then (select attachments from attachments_of(messages.chat_id, messages.id)) end as attachments
from messages
where sender_id = $1 and kind in ('text', 'media') and exists (select from chats where chats.id = messages.chat_id)
order by chat_id, seq
