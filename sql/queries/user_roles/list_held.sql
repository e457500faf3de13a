-- user_roles/list_held
select wanted.id, array(select user_roles.role from user_roles where user_roles.user_id = wanted.id)
from unnest($1::uuid[]) as wanted (id)
where exists (select from users where users.id = wanted.id)
