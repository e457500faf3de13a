-- secrets/list_push_subscriptions
-- The same of devices; each is encrypted for the beginning of the hash of its address.
select encode(substring(endpoint_hash from 1 for 16), 'hex')::uuid as id, secret
from push_subscriptions
where encode(substring(endpoint_hash from 1 for 16), 'hex')::uuid > $1 and length(secret) > 0
    and substring(secret from 1 for length($2::bytea)) <> $2
order by id
limit $3
