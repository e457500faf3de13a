-- secrets/reseal_push_keys
-- Replaces it if it is still what was read ($2) by the same in another key ($3); $1 has its place alone.
update push_keys
set private_key = resealed.value
from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as resealed (id, read, value)
where push_keys.private_key = resealed.read
