-- events/search
-- Those in which every word occurs, in the name or the description. $5 are the words as patterns; $4 is the longest of
-- them, by itself, since events_folded_search_idx finds one pattern but not "all of these". $7 is the order, a field or with -
-- the other way round.
select
    id, owner_id, name, event_time, timezone, description, duration_hours, duration_minutes, max_tickets,
    tickets_sold, tickets_held, comment_count, with_chat, remind_minutes, sequence, created_at, updated_at,
    case
        when chat_id is not null and (
            owner_id = $1
            or exists (
                select from tickets
                where tickets.event_id = events.id and tickets.holder_id = $1 and tickets.cancelled_at is null
            )
        ) then chat_id
    end as chat_id
from events
where folded(name || ' ' || description) like folded($4)
    and folded(name || ' ' || description) like all (array(select folded(word) from unnest($5::text[]) as word))
    and ($2::timestamptz is null or event_time >= $2)
    and ($3::timestamptz is null or event_time <= $3)
    and ($6::uuid is null or owner_id = $6)
order by
    case $7::text when 'event_time' then event_time when 'created_at' then created_at end,
    case $7 when '-event_time' then event_time when '-created_at' then created_at end desc,
    case when $7 = 'name' then folded(name) end,
    case when $7 = '-name' then folded(name) end desc,
    id
limit $8 offset $9
