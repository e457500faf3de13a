-- export/events
select
    id, name, event_time, timezone, description, duration_hours, duration_minutes, max_tickets, tickets_sold, chat_id,
    remind_minutes, created_at, updated_at
from events
where owner_id = $1
order by created_at, id
