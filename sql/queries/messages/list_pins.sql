-- messages/list_pins
select
    pinned.chat_id, pinned.seq, pinned.id, pinned.kind, pinned.sender_id, pinned.content, pinned.reply_to,
    pinned.mentions, pinned.client_id, pinned.created_at, pinned.updated_at, pinned.edited_at, pinned.recalled_at,
    case when pinned.reacted then (select reactions from reactions_of(pinned.chat_id, pinned.id)) end as reactions,
    case when pinned.kind = 'media' then (select attachments from attachments_of(pinned.chat_id, pinned.id)) end as attachments,
    pins.pinned_at, pins.pinned_by
from pins
join messages as pinned on pinned.chat_id = pins.chat_id and pinned.id = pins.message_id
where pins.chat_id = $1
order by
    case when $2 = 'pinned_at' then pins.pinned_at end,
    case when $2 = '-seq' then -pinned.seq when $2 = 'seq' then pinned.seq end,
    pins.pinned_at desc, pins.message_id desc
limit $3 offset $4
