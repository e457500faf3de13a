-- friends/list
select
    users.id, users.email, users.username, users.name, users.bio, users.contacts, users.avatar_key, users.status,
    users.last_online_at, users.created_at, users.updated_at,
    array(select role from user_roles where user_roles.user_id = users.id order by role) as roles,
    friends.accepted_at as since, true as is_friend, true as knows
from friends
join users on users.id = case when friends.low_id = $1 then friends.high_id else friends.low_id end
where (friends.low_id = $1 or friends.high_id = $1) and friends.accepted_at is not null
    and (
        cardinality($3::text[]) = 0
        or folded(users.name || ' ' || users.username) like all (array(select folded(word) from unnest($3) as word))
    )
order by
    case when $2::text = 'since' then friends.accepted_at end,
    case when $2 = '-since' then friends.accepted_at end desc,
    case when $2 = 'name' then folded(users.name) end,
    case when $2 = '-name' then folded(users.name) end desc,
    case when $2 = 'username' then users.username end,
    case when $2 = '-username' then users.username end desc,
    users.id
limit $4 offset $5
