select count(*)
from users
where (
        fold(users.name || ' ' || users.username) like fold($1)
            and fold(users.name || ' ' || users.username)
                like all (array(select fold(word) from unnest($2::text[]) as word))
        or lower(users.email) = lower($3)
    )
    and ($4::text is null or users.status = $4)
    and ($5::text is null or $5 = any (array(select role from user_roles where user_roles.user_id = users.id)))
    and ($6::timestamptz is null or users.created_at >= $6)
    and ($7::timestamptz is null or users.created_at <= $7)
