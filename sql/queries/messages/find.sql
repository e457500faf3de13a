select
    chat_id, seq, id, kind, sender_id, content, reply_to, mentions, client_id, created_at, updated_at, edited_at,
    recalled_at, reacted.reactions
from messages
left join reactions_of(messages.chat_id, messages.id) as reacted on true
where chat_id = $1 and id = $2 and kind in ('text', 'media', 'system')
