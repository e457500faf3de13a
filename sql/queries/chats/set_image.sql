-- chats/set_image
update chats set image_key = $2 where id = $1
