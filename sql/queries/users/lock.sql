-- Whoever changes something about a person waits for the others who do.
select id from users where id = $1 and erased_at is null for no key update
