-- permissions/learn
-- What is new to the table is new to the role user. The codes come in order, so that two servers that start at once wait
-- for each other and do not deadlock; the second one learns nothing.
with learned as (
    insert into permissions (code, is_administration)
    select given.code, given.is_administration
    from unnest($1::text[], $2::boolean[]) as given (code, is_administration)
    on conflict do nothing
    returning code, is_administration
),
gained as (
    select array_agg(code) as codes from learned where not is_administration
)
update roles
set permissions = array(
    select distinct code from unnest(roles.permissions || gained.codes) as held (code) order by code
)
from gained
where roles.name = 'user' and gained.codes is not null and not '*' = any (roles.permissions)
