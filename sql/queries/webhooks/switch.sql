-- What it is already it stays.
update webhooks
set active = $3
where chat_id = $1 and id = $2
returning id, url, events, active, delivered_seq, failures, failed_at, last_error, created_by, created_at
