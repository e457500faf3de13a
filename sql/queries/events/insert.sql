-- events/insert
-- With its chat, where it is to have one: a trigger makes it.
insert into events (
    id, owner_id, name, event_time, timezone, description, duration_hours, duration_minutes, max_tickets, with_chat,
    remind_minutes
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
returning
    id, owner_id, name, event_time, timezone, description, duration_hours, duration_minutes, max_tickets,
    tickets_sold, tickets_held, comment_count, with_chat, remind_minutes, sequence, created_at, updated_at, chat_id
