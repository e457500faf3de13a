-- export/friends
select case when low_id = $1 then high_id else low_id end as user_id, accepted_at as since
from friends
where (low_id = $1 or high_id = $1) and accepted_at is not null
order by since
