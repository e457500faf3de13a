select last_seq from notification_heads where user_id = $1
