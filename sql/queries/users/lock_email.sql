-- The address until now, before another takes its place.
select email from users where id = $1 for no key update
