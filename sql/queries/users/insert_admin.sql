-- users/insert_admin
-- The first administrator, if there is none yet; an account with this e-mail becomes one.
with known as (
    select id from users where folded(email) = folded($2)
),
added as (
    insert into users (id, email, username, name, password_hash)
    select $1, $2, $3, $4, $5
    where not exists (select from known)
        and not exists (select from user_roles where role = 'admin')
    on conflict do nothing
    returning id
),
candidate as (
    select id from added
    union all
    select id from known where not exists (select from user_roles where role = 'admin')
)
insert into user_roles (user_id, role)
select candidate.id, given.role
from candidate
cross join (values ('user'), ('admin')) as given (role)
on conflict do nothing
