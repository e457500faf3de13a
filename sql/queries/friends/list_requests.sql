-- friends/list_requests
-- What stands between somebody and others who are no friends yet; $2 says whether it is what they asked themselves.
select
    users.id, users.email, users.username, users.name, users.bio, users.contacts, users.avatar_key, users.status,
    users.last_online_at, users.created_at, users.updated_at,
    array(select role from user_roles where user_roles.user_id = users.id order by role) as roles,
    friends.asked_by, friends.created_at as asked_at, false as is_friend, knows(users.id, $1) as knows
from friends
join users on users.id = case when friends.low_id = $1 then friends.high_id else friends.low_id end
where (friends.low_id = $1 or friends.high_id = $1) and friends.accepted_at is null
    and ($2::boolean is null or (friends.asked_by = $1) = $2)
    and (
        cardinality($4::text[]) = 0
        or folded(users.name || ' ' || users.username) like all (array(select folded(word) from unnest($4) as word))
    )
order by
    case when $3::text = 'created_at' then friends.created_at end,
    case when $3 = '-created_at' then friends.created_at end desc,
    case when $3 = 'name' then folded(users.name) end,
    case when $3 = '-name' then folded(users.name) end desc,
    case when $3 = 'username' then users.username end,
    case when $3 = '-username' then users.username end desc,
    users.id
limit $5 offset $6
