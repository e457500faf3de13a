-- chats/list_ended
-- Deleted chats whose log is not removed yet, the first first.
select chat_id from ended_chats order by ended_at, chat_id limit $1
