-- Everyone, as somebody ($1) sees them.
select
    users.id, users.email, users.username, users.name, users.bio, users.contacts, users.avatar_key, users.status,
    users.last_online_at, users.created_at, users.updated_at,
    array(select role from user_roles where user_roles.user_id = users.id order by role) as roles,
    exists (
        select from friends
        where friends.low_id = least(users.id, $1) and friends.high_id = greatest(users.id, $1)
            and friends.accepted_at is not null
    ) as is_friend,
    exists (select from blocks where blocks.user_id = users.id and blocks.blocked_id = $1) as hides
from users
order by
    case when $2::text = 'name' then lower(users.name) end,
    case when $2 = '-name' then lower(users.name) end desc,
    case when $2 = 'username' then users.username end,
    case when $2 = '-username' then users.username end desc,
    case when $2 = 'created_at' then users.created_at end,
    case when $2 = '-created_at' then users.created_at end desc,
    users.id
limit $3 offset $4
