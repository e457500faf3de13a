-- notifications/find_last_seq
select last_seq from notification_heads where user_id = $1
