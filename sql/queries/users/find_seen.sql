-- users/find_seen
-- Someone as somebody else ($2) sees them.
select
    users.id, users.email, users.username, users.name, users.bio, users.contacts, users.avatar_key, users.status,
    users.last_online_at, users.created_at, users.updated_at,
    array(select role from user_roles where user_roles.user_id = users.id order by role) as roles,
    exists (
        select from friends
        where friends.low_id = least(users.id, $2) and friends.high_id = greatest(users.id, $2)
            and friends.accepted_at is not null
    ) as is_friend,
    knows(users.id, $2) as knows
from users
where users.id = $1 and users.erased_at is null
