-- password_resets/insert
insert into password_resets (hash, user_id, expires_at)
select $1, users.id, now() + make_interval(secs => $3)
from users
where folded(users.email) = folded($2) and users.status = 'active' and not users.is_bot
returning (select email from users where users.id = password_resets.user_id)
