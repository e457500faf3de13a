-- chats/delete
delete from chats where id = $1
