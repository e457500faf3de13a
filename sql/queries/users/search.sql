-- users/search
-- Those in whom every word occurs, in the name or the username, and whose e-mail is this very text ($3), as somebody ($4)
-- sees them. $2 are the words as patterns; $1 is the longest of them, by itself, since users_folded_search_idx finds one pattern
-- but not "all of these".
select
    users.id, users.email, users.username, users.name, users.bio, users.contacts, users.avatar_key, users.status,
    users.last_online_at, users.created_at, users.updated_at,
    array(select role from user_roles where user_roles.user_id = users.id order by role) as roles,
    exists (
        select from friends
        where friends.low_id = least(users.id, $4) and friends.high_id = greatest(users.id, $4)
            and friends.accepted_at is not null
    ) as is_friend,
    knows(users.id, $4) as knows
from users
where (
        folded(users.name || ' ' || users.username) like folded($1)
            and folded(users.name || ' ' || users.username)
                like all (array(select folded(word) from unnest($2::text[]) as word))
        or folded(users.email) = folded($3)
    )
    and not users.is_bot
    and users.erased_at is null
    and ($12::uuid[] is null or users.id = any ($12))
    and ($6::text is null or users.status = $6)
    and ($7::text is null or $7 = any (array(select role from user_roles where user_roles.user_id = users.id)))
    and ($8::timestamptz is null or users.created_at >= $8)
    and ($9::timestamptz is null or users.created_at <= $9)
order by
    case when $5::text = 'name' then folded(users.name) end,
    case when $5 = '-name' then folded(users.name) end desc,
    case when $5 = 'username' then users.username end,
    case when $5 = '-username' then users.username end desc,
    case when $5 = 'created_at' then users.created_at end,
    case when $5 = '-created_at' then users.created_at end desc,
    users.id
limit $10 offset $11
