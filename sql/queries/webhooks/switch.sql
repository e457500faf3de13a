-- webhooks/switch
-- What it is already it stays. Who switches it on answers for it from now on.
update webhooks
set active = $3, created_by = case when $3 and not active then $4 else created_by end
where chat_id = $1 and id = $2
returning id, url, events, active, delivered_seq, failures, failed_at, last_error, created_by, created_at
