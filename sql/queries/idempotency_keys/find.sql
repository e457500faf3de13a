-- idempotency_keys/find
select request_hash, answer from idempotency_keys where user_id = $1 and path = $2 and key = $3
