-- secrets/reseal_webhooks
-- Replaces those that are still what was read ($2) by the same in another key ($3).
update webhooks
set secret = resealed.value
from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as resealed (id, read, value)
where webhooks.id = resealed.id and webhooks.secret = resealed.read
