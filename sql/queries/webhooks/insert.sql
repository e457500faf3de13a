-- webhooks/insert
-- Its place, and where it begins, are a trigger's to say.
insert into webhooks (id, chat_id, url, events, secret, created_by)
values ($1, $2, $3, $4, $5, $6)
returning id, url, events, active, delivered_seq, failures, failed_at, last_error, created_by, created_at
