-- users/insert_picture
insert into pictures (id, owner_id, size) values ($1, $2, $3)
