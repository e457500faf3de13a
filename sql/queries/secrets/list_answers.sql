-- secrets/list_answers
-- The answers kept for an Idempotency-Key that are encrypted, after this one: a page in the order of the key of the table.
select user_id, path, key, answer #>> '{}' as answer
from idempotency_keys
where (user_id, path, key) > ($1, $2, $3) and jsonb_typeof(answer) = 'string'
order by user_id, path, key
limit $4
