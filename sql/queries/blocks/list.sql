-- blocks/list
-- Whom somebody has blocked.
select
    users.id, users.email, users.username, users.name, users.bio, users.contacts, users.avatar_key, users.status,
    users.last_online_at, users.created_at, users.updated_at,
    array(select role from user_roles where user_roles.user_id = users.id order by role) as roles,
    blocks.created_at as since,
    false as is_friend,
    knows(users.id, $1) as knows
from blocks
join users on users.id = blocks.blocked_id
where blocks.user_id = $1
    and (
        cardinality($3::text[]) = 0
        or folded(users.name || ' ' || users.username) like all (array(select folded(word) from unnest($3) as word))
    )
order by
    case when $2::text = 'since' then blocks.created_at end,
    case when $2 = '-since' then blocks.created_at end desc,
    case when $2 = 'name' then folded(users.name) end,
    case when $2 = '-name' then folded(users.name) end desc,
    case when $2 = 'username' then users.username end,
    case when $2 = '-username' then users.username end desc,
    users.id
limit $4 offset $5
