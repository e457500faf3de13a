insert into search_blocks (chat_id, block, grams)
values ($1, $2, $3)
on conflict on constraint search_blocks_pkey do update set grams = excluded.grams
