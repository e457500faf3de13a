-- messages/count_in
-- How many messages between two places of a chat fit the filters.
select count(*)
from messages
where chat_id = $1 and seq > $2 and seq <= $3
    and kind in ('text', 'media', 'system')
    and ($4::uuid is null or sender_id = $4)
    and ($5::text is null or kind = $5)
    and ($6::timestamptz is null or created_at >= $6)
    and ($7::timestamptz is null or created_at <= $7)
