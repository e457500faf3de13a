-- members/set_role
update members set role = $3 where chat_id = $1 and user_id = $2
