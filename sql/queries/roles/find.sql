-- roles/find
select name, description, permissions, created_at from roles where name = $1
