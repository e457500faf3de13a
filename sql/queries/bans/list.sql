-- bans/list
-- Who is banned from a chat ($1), as somebody ($2) sees them.
select
    users.id, users.email, users.username, users.name, users.bio, users.contacts, users.avatar_key, users.status,
    users.last_online_at, users.created_at, users.updated_at,
    array(select role from user_roles where user_roles.user_id = users.id order by role) as roles,
    bans.banned_by, bans.created_at as since,
    exists (
        select from friends
        where friends.low_id = least(users.id, $2) and friends.high_id = greatest(users.id, $2)
            and friends.accepted_at is not null
    ) as is_friend,
    knows(users.id, $2) as knows
from bans
join users on users.id = bans.user_id
where bans.chat_id = $1
    and (
        cardinality($4::text[]) = 0
        or folded(users.name || ' ' || users.username) like all (array(select folded(word) from unnest($4) as word))
    )
order by
    case when $3::text = 'since' then bans.created_at end,
    case when $3 = '-since' then bans.created_at end desc,
    case when $3 = 'name' then folded(users.name) end,
    case when $3 = '-name' then folded(users.name) end desc,
    case when $3 = 'username' then users.username end,
    case when $3 = '-username' then users.username end desc,
    users.id
limit $5 offset $6
