-- friends/count
select count(*)
from friends
join users on users.id = case when friends.low_id = $1 then friends.high_id else friends.low_id end
where (friends.low_id = $1 or friends.high_id = $1) and friends.accepted_at is not null
    and (
        cardinality($2::text[]) = 0
        or folded(users.name || ' ' || users.username) like all (array(select folded(word) from unnest($2) as word))
    )
