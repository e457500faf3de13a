-- members/delete
delete from members where chat_id = $1 and user_id = $2
