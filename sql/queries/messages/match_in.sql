-- messages/match_in
-- The same between places of several chats, in any order, with when each was made, in microseconds since 1970. $9 is the longest word.
select found.chat_id, found.seq, found.id, (extract(epoch from least(greatest(found.created_at, timestamptz '0001-01-01 00:00Z'), timestamptz '9999-01-01 00:00Z')) * 1000000)::bigint as created_at
from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as places (chat_id, after, up_to)
cross join lateral (
    select messages.chat_id, messages.seq, messages.id, messages.created_at
    from messages
    where messages.chat_id = places.chat_id and messages.seq > places.after and messages.seq <= places.up_to
        and case
            when strpos(folded(messages.content), $9) > 0
            then messages.kind in ('text', 'media', 'system')
                and (cardinality($4::text[]) < 2 or folded(messages.content) like all ($4))
        end
        and ($5::uuid is null or messages.sender_id = $5)
        and ($6::text is null or messages.kind = $6)
        and ($7::timestamptz is null or messages.created_at >= $7)
        and ($8::timestamptz is null or messages.created_at <= $8)
    offset 0 -- place by place, not the whole table at once
) as found
