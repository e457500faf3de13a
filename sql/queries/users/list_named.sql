-- users/list_named
-- What everybody may see of these people. Other ids are nobody's; who is erased has no name any more.
select users.id, users.username, users.name, users.avatar_key
from unnest($1::uuid[]) as wanted (id)
cross join lateral (
    select id, username, name, avatar_key from users where users.id = wanted.id and users.erased_at is null limit 1
) as users
order by users.id
