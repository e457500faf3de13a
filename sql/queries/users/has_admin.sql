-- users/has_admin
select exists (select from user_roles where role = 'admin')
