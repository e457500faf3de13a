-- chat_list/count_search_public
select count(*)
from chats
where visibility = 'public' and kind = 'group'
    and id <> all (array(select chat_id from bans where user_id = $7))
    and folded(title || ' ' || description) like folded($1)
    and folded(title || ' ' || description) like all (array(select folded(word) from unnest($2::text[]) as word))
    and ($3::text is null or kind = $3) and ($4::text is null or visibility = $4)
    and ($5::timestamptz is null or created_at >= $5)
    and ($6::timestamptz is null or created_at <= $6)
