-- users/delete
-- Who is erased, once nothing hangs on them any more but what goes with them.
delete from users where id = $1 and erased_at is not null
