-- secrets/list_contacts
-- The next contacts that are not encrypted with the key whose id, with its length before it, is $2.
select id, contacts
from users
where id > $1 and length(contacts) > 0 and substring(contacts from 1 for length($2::bytea)) <> $2
order by id
limit $3
