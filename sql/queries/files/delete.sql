delete from files where id = any ($1)
