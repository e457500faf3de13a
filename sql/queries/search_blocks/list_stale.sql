select chat_id, block from search_blocks where grams is null order by chat_id, block limit $1
