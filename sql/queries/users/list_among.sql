-- users/list_among
-- These people ($9), as somebody ($1) sees them; $3 to $6 filter. Each is looked up by itself.
select
    users.id, users.email, users.username, users.name, users.bio, users.contacts, users.avatar_key, users.status,
    users.last_online_at, users.created_at, users.updated_at,
    array(select role from user_roles where user_roles.user_id = users.id order by role) as roles,
    exists (
        select from friends
        where friends.low_id = least(users.id, $1) and friends.high_id = greatest(users.id, $1)
            and friends.accepted_at is not null
    ) as is_friend,
    knows(users.id, $1) as knows
from (select distinct id from unnest($9::uuid[]) as wanted (id)) as wanted
cross join lateral (select * from users where users.id = wanted.id limit 1) as users
where users.erased_at is null
    and ($3::text is null or users.status = $3)
    and ($4::text is null or $4 = any (array(select role from user_roles where user_roles.user_id = users.id)))
    and ($5::timestamptz is null or users.created_at >= $5)
    and ($6::timestamptz is null or users.created_at <= $6)
order by
    case when $2::text = 'name' then folded(users.name) end,
    case when $2 = '-name' then folded(users.name) end desc,
    case when $2 = 'username' then users.username end,
    case when $2 = '-username' then users.username end desc,
    case when $2 = 'created_at' then users.created_at end,
    case when $2 = '-created_at' then users.created_at end desc,
    users.id
limit $7 offset $8
