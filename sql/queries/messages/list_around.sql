-- messages/list_around
-- The one at this place and as many on each side as fit, newest first.
select
    chat_id, seq, id, kind, sender_id, content, reply_to, mentions, client_id, created_at, updated_at, edited_at,
    recalled_at, case when around.reacted then (select reactions from reactions_of(around.chat_id, around.id)) end as reactions,
    case when around.kind = 'media' then (select attachments from attachments_of(around.chat_id, around.id)) end as attachments
from (
    (
        select *
        from messages
        where chat_id = $1 and seq <= $2 and kind in ('text', 'media', 'system')
        order by seq desc
        limit $3::bigint / 2 + 1
    )
    union all
    (
        select *
        from messages
        where chat_id = $1 and seq > $2 and kind in ('text', 'media', 'system')
        order by seq
        limit ($3::bigint - 1) / 2
    )
) as around
order by seq desc
limit $3
