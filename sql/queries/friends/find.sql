-- friends/find
select asked_by, created_at, accepted_at
from friends
where low_id = least($1::uuid, $2::uuid) and high_id = greatest($1::uuid, $2::uuid)
