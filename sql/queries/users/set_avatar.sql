-- The old key is read under the lock of the row, so that two uploads at once leave no file behind.
with old as (
    select id, avatar_key from users where id = $1 for update
)
update users
set avatar_key = $2
from old
where users.id = old.id
returning
    old.avatar_key as old_avatar_key,
    users.id, users.email, users.username, users.name, users.bio, users.contacts, users.avatar_key, users.status,
    users.last_online_at, users.created_at, users.updated_at,
    array(select role from user_roles where user_roles.user_id = users.id order by role) as roles
