-- How far the blocks of a chat go, and its log.
select coalesce((select seq from search_heads where chat_id = $1), 0), last_seq from chats where id = $1
