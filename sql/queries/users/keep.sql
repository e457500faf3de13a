-- users/keep
-- Whoever makes something that hangs on a person waits for whoever deletes them, and the other way round.
select id from users where id = $1 and erased_at is null and not is_bot for key share
