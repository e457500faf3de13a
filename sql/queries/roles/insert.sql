-- roles/insert
insert into roles (name, description, permissions)
values ($1, $2, $3)
returning name, description, permissions, created_at
