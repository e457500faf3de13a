-- backup/list_avatars
-- The next people, and where the picture of each lies.
select id, avatar_key from users where id > $1 order by id limit $2
