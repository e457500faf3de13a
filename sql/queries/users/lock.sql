-- users/lock
-- Whoever changes something about a person waits for the others who do.
select id from users where id = $1 and erased_at is null and not is_bot for no key update
