select count(*)
from members
join chats on chats.id = members.chat_id
where members.user_id = $1
    and (
        cardinality($2::text[]) = 0
        or lower(coalesce(chats.title, '') || ' ' || chats.description)
            like all (array(select lower(word) from unnest($2) as word))
    )
