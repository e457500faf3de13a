-- invites/delete
delete from invites where chat_id = $1 and id = $2
