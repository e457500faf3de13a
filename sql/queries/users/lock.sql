-- Whoever changes something about a person waits for the others who do.
select id from users where id = $1 for no key update
