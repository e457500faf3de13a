select count(*) from blocks where user_id = $1
