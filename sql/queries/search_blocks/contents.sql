-- What stands in blocks.
select
    held.chat_id, held.block,
    array(
        select folded(messages.content)
        from messages
        where messages.chat_id = held.chat_id
            and messages.seq > held.block * 128 and messages.seq <= (held.block + 1) * 128
            and messages.content is not null
    ) as contents
from unnest($1::uuid[], $2::bigint[]) as held (chat_id, block)
