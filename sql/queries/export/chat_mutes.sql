-- export/chat_mutes
select chat_id, until, created_at from chat_mutes where user_id = $1 order by created_at, chat_id
