-- users/set_avatar
update users
set avatar_key = $2
where id = $1 and erased_at is null
returning
    id, email, username, name, bio, contacts, avatar_key, status, last_online_at, created_at, updated_at,
    array(select role from user_roles where user_roles.user_id = users.id order by role) as roles
