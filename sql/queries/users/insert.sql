-- users/insert
with added as (
    insert into users (id, email, username, name, password_hash)
    values ($1, $2, $3, $4, $5)
    returning *
),
granted as (
    insert into user_roles (user_id, role)
    select added.id, 'user' from added
)
select
    id, email, username, name, bio, contacts, avatar_key, status, last_online_at, created_at, updated_at,
    array['user'] as roles
from added
