-- verify/pins
-- The next pins of a chat: up to which message they go, and one of them whose message is not there, or was recalled.
with piece as (
    select message_id from pins where chat_id = $1 and message_id > $2 order by message_id limit $3
)
select
    (select message_id from piece order by message_id desc limit 1) as up_to,
    (
        select message_id
        from piece
        where not exists (
            select
            from messages
            where messages.chat_id = $1 and messages.id = piece.message_id
                and messages.kind in ('text', 'media', 'system') and messages.recalled_at is null
        )
        limit 1
    ) as lost
