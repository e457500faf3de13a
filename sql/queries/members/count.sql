select count(*) from members where chat_id = $1
