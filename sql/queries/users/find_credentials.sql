select id, password_hash, status
from users
where lower(email) = lower($1) or username = lower($2)
limit 1
