-- members/count_found
-- How many list.sql finds for these words.
select count(*)
from members
join users on users.id = members.user_id
where members.chat_id = $1
    and (
        cardinality($2::text[]) = 0
        or folded(users.name || ' ' || users.username) like all (array(select folded(word) from unnest($2) as word))
    )
    and ($3::text is null or members.role = $3)
