-- users/count_search
select count(*)
from users
where (
        folded(users.name || ' ' || users.username) like folded($1)
            and folded(users.name || ' ' || users.username)
                like all (array(select folded(word) from unnest($2::text[]) as word))
        or folded(users.email) = folded($3)
    )
    and not users.is_bot
    and users.erased_at is null
    and ($8::uuid[] is null or users.id = any ($8))
    and ($4::text is null or users.status = $4)
    and ($5::text is null or $5 = any (array(select role from user_roles where user_roles.user_id = users.id)))
    and ($6::timestamptz is null or users.created_at >= $6)
    and ($7::timestamptz is null or users.created_at <= $7)
