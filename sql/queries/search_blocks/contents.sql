-- What stands in a block.
select array(
    select fold(content)
    from messages
    where chat_id = $1 and seq > $2::bigint * 128 and seq <= ($2 + 1) * 128 and content is not null
)
