select distinct chat_id from webhooks where active
