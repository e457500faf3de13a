-- users/is_erased
select exists (select from users where id = $1 and erased_at is not null)
