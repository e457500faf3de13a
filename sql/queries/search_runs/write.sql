-- search_runs/write
update search_runs
set grams = $3, speakers = $4, since = $5, until = $6, day = $7
where chat_id = $1 and run = $2
