-- idempotency_keys/claim
-- The unique key makes a second request wait here for the first one's transaction.
insert into idempotency_keys (user_id, path, key, request_hash)
values ($1, $2, $3, $4)
on conflict do nothing
