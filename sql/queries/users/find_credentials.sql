-- users/find_credentials
select id, password_hash, status
from users
where (folded(email) = folded($1) or username = folded($2)) and not is_bot and erased_at is null
limit 1
