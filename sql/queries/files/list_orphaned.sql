-- files/list_orphaned
-- The next ones to sweep after an id.
select id
from files
where state <> 'attached' and state = 'orphaned' and id > $1
order by id
limit $2
