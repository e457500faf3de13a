-- roles/delete
delete from roles where name = $1
