-- users/list_roles
select name from roles where name = any($1::text[]) order by name
