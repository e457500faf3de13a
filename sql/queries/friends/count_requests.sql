-- friends/count_requests
select count(*)
from friends
join users on users.id = case when friends.low_id = $1 then friends.high_id else friends.low_id end
where (friends.low_id = $1 or friends.high_id = $1) and friends.accepted_at is null
    and ($2::boolean is null or (friends.asked_by = $1) = $2)
    and (
        cardinality($3::text[]) = 0
        or folded(users.name || ' ' || users.username) like all (array(select folded(word) from unnest($3) as word))
    )
