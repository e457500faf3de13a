-- events/list_latest
-- The latest first.
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
where event_time >= coalesce($2::timestamptz, '-infinity') and event_time <= coalesce($3::timestamptz, 'infinity')
order by event_time desc, id desc
limit $4 offset $5
