-- idempotency_keys/keep
update idempotency_keys set answer = $4 where user_id = $1 and path = $2 and key = $3
