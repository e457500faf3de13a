-- bans/delete
delete from bans where chat_id = $1 and user_id = $2
