-- api_tokens/insert
-- Locks the account, so that none is made for one that has just been suspended or given another password.
insert into api_tokens (id, user_id, name, hash, scopes, expires_at)
select $1, users.id, $3, $4, $5, $6
from users
where users.id = $2 and users.status = 'active' and users.password_hash = $7
for share
returning id, name, scopes, created_at, expires_at, last_used_at
