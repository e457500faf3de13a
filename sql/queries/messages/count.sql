select message_count from chats where id = $1
