-- search_runs/take_stale
-- Runs that are to be written, held until they are: who changes a message of one meanwhile makes it stale again afterwards.
select chat_id, run
from search_runs
where grams is null
order by chat_id, run
limit $1
for update skip locked
