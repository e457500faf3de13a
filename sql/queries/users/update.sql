-- users/update
-- A null leaves a field as it is. Only while the password is this one, if one is named.
update users
set name = coalesce($2, name),
    username = coalesce($3, username),
    bio = coalesce($4, bio),
    contacts = coalesce($5, contacts),
    email = coalesce($6, email)
where id = $1 and erased_at is null and not is_bot and password_hash = coalesce($7, password_hash)
returning
    users.id, users.email, users.username, users.name, users.bio, users.contacts, users.avatar_key, users.status,
    users.last_online_at, users.created_at, users.updated_at,
    array(select role from user_roles where user_roles.user_id = users.id order by role) as roles
