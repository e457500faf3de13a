-- roles/update
update roles
set name = coalesce($2, name), description = coalesce($3, description), permissions = coalesce($4, permissions)
where name = $1
returning name, description, permissions, created_at
