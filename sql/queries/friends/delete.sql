-- friends/delete
-- Answers whether there is such a person, befriended or not.
with gone as (
    delete from friends
    where low_id = least($1::uuid, $2::uuid) and high_id = greatest($1::uuid, $2::uuid)
)
select exists (select from users where id = $2)
