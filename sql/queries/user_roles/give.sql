-- user_roles/give
insert into user_roles (user_id, role)
select $1, given.role
from unnest($2::text[]) as given (role)
on conflict do nothing
