-- webhooks/count
select count(*) from webhooks where chat_id = $1
