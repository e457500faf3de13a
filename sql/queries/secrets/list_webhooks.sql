-- secrets/list_webhooks
-- The same of the secrets of webhooks.
select id, secret
from webhooks
where id > $1 and length(secret) > 0 and substring(secret from 1 for length($2::bytea)) <> $2
order by id
limit $3
