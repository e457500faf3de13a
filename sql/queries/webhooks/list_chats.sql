-- webhooks/list_chats
select distinct chat_id from webhooks where active
