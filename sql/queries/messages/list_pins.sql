select
    pinned.chat_id, pinned.seq, pinned.id, pinned.kind, pinned.sender_id, pinned.content, pinned.reply_to,
    pinned.mentions, pinned.client_id, pinned.created_at, pinned.updated_at, pinned.edited_at, pinned.recalled_at,
    case when pinned.reacted then (select reactions from reactions_of(pinned.chat_id, pinned.id)) end as reactions,
    case when pinned.kind = 'media' then (select attachments from attachments_of(pinned.chat_id, pinned.id)) end as attachments,
    page.pinned_at, page.pinned_by
from (
    select *
    from pins
    where chat_id = $1
    order by pinned_at desc, message_id desc
    limit $2 offset $3
) as page
join messages as pinned on pinned.chat_id = page.chat_id and pinned.id = page.message_id
order by page.pinned_at desc, page.message_id desc
