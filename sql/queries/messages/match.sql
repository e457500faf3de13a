-- messages/match
-- Messages between these places of a chat in which every word of $4 (as patterns) occurs, and that fit the filters; from the
-- last on (with $9 = -1) or the first (1). $10 is the longest of the words, as it is: most messages do not hold it, and are not
-- looked at any further.
select found.seq
from unnest($2::bigint[], $3::bigint[]) as places (after, up_to)
cross join lateral (
    select messages.seq
    from messages
    where messages.chat_id = $1 and messages.seq > places.after and messages.seq <= places.up_to
        and case
            when cardinality($4::text[]) = 0 or strpos(folded(messages.content), $10) > 0
            then messages.kind in ('text', 'media', 'system')
                and (cardinality($4) < 2 or folded(messages.content) like all ($4))
        end
        and ($5::uuid is null or messages.sender_id = $5)
        and ($6::text is null or messages.kind = $6)
        and ($7::timestamptz is null or messages.created_at >= $7)
        and ($8::timestamptz is null or messages.created_at <= $8)
    offset 0 -- place by place, not the whole table at once
) as found
order by found.seq * $9::bigint
