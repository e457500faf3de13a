-- roles/list_permissions
select name, permissions from roles
