-- backup/list_images
-- The next chats, and where the picture of each lies.
select id, image_key from chats where id > $1 order by id limit $2
