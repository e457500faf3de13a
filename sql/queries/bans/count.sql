-- bans/count
select count(*)
from bans
join users on users.id = bans.user_id
where bans.chat_id = $1
    and (
        cardinality($2::text[]) = 0
        or folded(users.name || ' ' || users.username) like all (array(select folded(word) from unnest($2) as word))
    )
