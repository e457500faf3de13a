select count(*)
from users
where (
        lower(users.name || ' ' || users.username) like lower($1)
        and lower(users.name || ' ' || users.username) like all (array(select lower(word) from unnest($2::text[]) as word))
    )
    or lower(users.email) = lower($3)
