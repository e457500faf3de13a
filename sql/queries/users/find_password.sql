-- users/find_password
select password_hash from users where id = $1 and erased_at is null
