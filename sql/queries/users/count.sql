-- users/count
select count(*)
from users
where not users.is_bot and users.erased_at is null
    and ($1::text is null or users.status = $1)
    and ($2::text is null or $2 = any (array(select role from user_roles where user_roles.user_id = users.id)))
    and ($3::timestamptz is null or users.created_at >= $3)
    and ($4::timestamptz is null or users.created_at <= $4)
