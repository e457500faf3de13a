-- users/count_among
select count(*)
from (select distinct id from unnest($5::uuid[]) as wanted (id)) as wanted
cross join lateral (select * from users where users.id = wanted.id limit 1) as users
where users.erased_at is null
    and ($1::text is null or users.status = $1)
    and ($2::text is null or $2 = any (array(select role from user_roles where user_roles.user_id = users.id)))
    and ($3::timestamptz is null or users.created_at >= $3)
    and ($4::timestamptz is null or users.created_at <= $4)
