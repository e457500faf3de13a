-- secrets/reseal_contacts
-- Replaces those that are still what was read ($2) by the same in another key ($3).
update users
set contacts = resealed.value
from unnest($1::uuid[], $2::bytea[], $3::bytea[]) as resealed (id, read, value)
where users.id = resealed.id and users.contacts = resealed.read
