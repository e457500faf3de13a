-- messages/unreact
delete from reactions where chat_id = $1 and message_id = $2 and user_id = $3 and emoji = one_emoji($4)
