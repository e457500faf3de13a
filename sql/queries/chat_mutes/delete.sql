-- chat_mutes/delete
delete from chat_mutes where user_id = $1 and chat_id = $2
