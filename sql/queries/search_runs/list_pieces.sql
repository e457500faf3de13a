-- search_runs/list_pieces
-- Which pieces of 2,048 runs of a chat may hold something that was said from $2 to $3.
select distinct run / 2048
from search_runs
where chat_id = $1
    and (grams is null or (($2::timestamptz is null or until >= $2) and ($3::timestamptz is null or since <= $3)))
order by 1
