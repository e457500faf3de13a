-- export/blocks
select blocked_id as user_id, created_at as since
from blocks
where user_id = $1
order by since
