-- chat_list/search_public
-- Those in which every word occurs, in the title or the description, for a search that finds few, is a download or wants another
-- order. $2 are the words as patterns; $1 is the longest of them, by itself, since chats_folded_search_idx finds one pattern but not
-- "all of these". $3 is the order, a field or with - the other way round.
select
    id, kind, visibility, title, description, image_key, owner_id, member_count, last_seq, retention_days,
    created_at, updated_at, null::jsonb as peer
from chats
where visibility = 'public' and kind = 'group'
    and id <> all (array(select chat_id from bans where user_id = $10))
    and folded(title || ' ' || description) like folded($1)
    and folded(title || ' ' || description) like all (array(select folded(word) from unnest($2::text[]) as word))
    and ($4::text is null or kind = $4) and ($5::text is null or visibility = $5)
    and ($6::timestamptz is null or created_at >= $6)
    and ($7::timestamptz is null or created_at <= $7)
order by
    case $3::text when 'title' then folded(title) end,
    case $3 when '-title' then folded(title) end desc,
    case $3 when 'member_count' then member_count end,
    case $3 when '-member_count' then member_count end desc,
    case $3 when 'created_at' then created_at when 'active_at' then active_at end,
    case $3 when '-created_at' then created_at end desc,
    active_at desc, id desc
limit $8 offset $9
