-- blocks/count
select count(*)
from blocks
join users on users.id = blocks.blocked_id
where blocks.user_id = $1
    and (
        cardinality($2::text[]) = 0
        or folded(users.name || ' ' || users.username) like all (array(select folded(word) from unnest($2) as word))
    )
