select count(*)
from friends
where (low_id = $1 or high_id = $1) and accepted_at is not null
