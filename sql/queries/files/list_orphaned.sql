-- The next ones to sweep after an id. Locked, so that several instances share the work.
select id
from files
where state <> 'attached' and state = 'orphaned' and id > $1
order by id
limit $2
for update skip locked
