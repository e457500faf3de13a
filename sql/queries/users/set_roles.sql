-- These roles and no others; answers which they are now: those that exist.
with wanted as (
    select roles.name from roles where roles.name = any($2::text[])
),
gone as (
    delete from user_roles where user_id = $1 and role not in (select name from wanted)
),
come as (
    insert into user_roles (user_id, role) select $1, name from wanted on conflict do nothing
)
select name from wanted order by name
