-- secrets/list_push_keys
-- The same of the key for push services, of which there is one.
select '00000000-0000-0000-0000-000000000001'::uuid as id, private_key
from push_keys
where '00000000-0000-0000-0000-000000000001'::uuid > $1 and length(private_key) > 0
    and substring(private_key from 1 for length($2::bytea)) <> $2
limit $3
