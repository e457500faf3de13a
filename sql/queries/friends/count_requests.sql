select count(*)
from friends
where (low_id = $1 or high_id = $1) and accepted_at is null
    and ($2::boolean is null or (asked_by = $1) = $2)
