-- events/find
-- As somebody ($1) sees it: the chat is shown to the owner and to who holds a ticket.
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
where id = $2
