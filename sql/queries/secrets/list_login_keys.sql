-- secrets/list_login_keys
-- The same of the keys that passwords are encrypted to.
select id, private_key
from login_keys
where id > $1 and length(private_key) > 0 and substring(private_key from 1 for length($2::bytea)) <> $2
order by id
limit $3
