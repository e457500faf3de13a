delete from chats where id = $1 returning image_key
