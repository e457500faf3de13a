-- secrets/reseal_push_subscriptions
-- Replaces those that are still what was read ($2) by the same in another key ($3).
update push_subscriptions
set secret = resealed.value
from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as resealed (id, read, value)
where encode(substring(push_subscriptions.endpoint_hash from 1 for 16), 'hex')::uuid = resealed.id
    and push_subscriptions.secret = resealed.read
