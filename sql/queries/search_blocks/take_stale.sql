-- Blocks that are to be written, held until they are: who changes a message of one meanwhile makes it stale again afterwards.
select chat_id, block
from search_blocks
where grams is null
order by chat_id, block
limit $1
for update skip locked
