-- comments/insert
insert into comments (id, event_id, post_id, owner_id, content)
values ($1, $2, $3, $4, $5)
returning id, event_id, post_id, owner_id, content, created_at
