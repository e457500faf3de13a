-- members/count_of_person
-- In how many chats somebody is, counted up to a bound.
select count(*) from (select from members where user_id = $1 limit $2) as counted
