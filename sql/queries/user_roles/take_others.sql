-- user_roles/take_others
delete from user_roles where user_id = $1 and role <> all ($2)
