update search_blocks set grams = $3 where chat_id = $1 and block = $2
