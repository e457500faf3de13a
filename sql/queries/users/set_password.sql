-- users/set_password
-- Only in place of this one, if one is named: of two who change it at once, one does.
update users
set password_hash = $2
where id = $1 and erased_at is null and password_hash = coalesce($3, password_hash)
