-- secrets/reseal_login_keys
-- Replaces those that are still what was read ($2) by the same in another key ($3).
update login_keys
set private_key = resealed.value
from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as resealed (id, read, value)
where login_keys.id = resealed.id and login_keys.private_key = resealed.read
