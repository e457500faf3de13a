-- notifications/heads
select user_id, last_seq from notification_heads where user_id = any ($1)
