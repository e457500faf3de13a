-- users/lock_email
-- The address until now, before another takes its place.
select email from users where id = $1 and erased_at is null for no key update
