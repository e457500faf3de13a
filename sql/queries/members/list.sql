-- members/list
-- $2 are the words to look for, as patterns, and every one must occur in name or username; $4 is the role, or null for any. $3 is the order, a field or
-- with - the other way round.
select
    members.user_id, users.username, users.name, users.avatar_key, members.role, members.last_read_seq,
    members.joined_at
from members
join users on users.id = members.user_id
where members.chat_id = $1
    and (
        cardinality($2::text[]) = 0
        or folded(users.name || ' ' || users.username) like all (array(select folded(word) from unnest($2) as word))
    )
    and ($4::text is null or members.role = $4)
order by
    case $3::text
        when 'name' then folded(users.name)
        when 'username' then users.username
        when 'role' then array_position('{creator,admin,member}', members.role)::text
    end,
    case $3
        when '-name' then folded(users.name)
        when '-username' then users.username
        when '-role' then array_position('{creator,admin,member}', members.role)::text
    end desc,
    case $3 when '-joined_at' then members.joined_at end desc,
    members.joined_at, members.user_id
limit $5 offset $6
