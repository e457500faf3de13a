-- Those in which every word occurs, in the title or the description. $2 are the words as patterns; $1 is the longest of
-- them, by itself, since chats_search_idx finds one pattern but not "all of these". $3 is the order,
-- a field or with - the other way round.
select
    id, kind, visibility, title, description, image_key, owner_id, member_count, last_seq, retention_days,
    created_at, updated_at, null::jsonb as peer, count(*) over () as total
from chats
where visibility = 'public' and kind = 'group'
    and lower(title || ' ' || description) like lower($1)
    and lower(title || ' ' || description) like all (array(select lower(word) from unnest($2::text[]) as word))
order by
    case $3::text when 'title' then lower(title) end,
    case $3 when '-title' then lower(title) end desc,
    case $3 when 'member_count' then member_count end,
    case $3 when '-member_count' then member_count end desc,
    case $3 when 'created_at' then created_at when 'active_at' then active_at end,
    case $3 when '-created_at' then created_at end desc,
    active_at desc, id desc
limit $4 offset $5
