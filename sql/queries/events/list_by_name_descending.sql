-- events/list_by_name_descending
-- By name, the other way round. Read in that order, and no further than the page goes.
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
where ($2::timestamptz is null or event_time >= $2)
    and ($3::timestamptz is null or event_time <= $3)
order by folded(name) desc, id desc
limit $4 offset $5
