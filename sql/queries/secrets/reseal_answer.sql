-- secrets/reseal_answer
-- Replaces an answer that is still what was read ($4) by the same in another key ($5).
update idempotency_keys
set answer = to_jsonb($5::text)
where user_id = $1 and path = $2 and key = $3 and answer = to_jsonb($4::text)
