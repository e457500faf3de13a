-- Those in which every word occurs, in the title or the description. $2 are the words as patterns; $1 is the longest of
-- them, by itself, since chats_search_idx finds one pattern but not "all of these".
select
    id, kind, visibility, title, description, image_key, owner_id, member_count, last_seq, created_at, updated_at,
    count(*) over () as total
from chats
where visibility = 'public' and kind = 'group'
    and lower(title || ' ' || description) like lower($1)
    and lower(title || ' ' || description) like all (array(select lower(word) from unnest($2::text[]) as word))
order by
    case when $3::text = 'title' then lower(title) end,
    case when $3 = '-title' then lower(title) end desc nulls last,
    case
        when $3 = 'active_at' then active_at
        when $3 = 'created_at' then created_at
    end,
    case when $3 = '-created_at' then created_at end desc,
    case when $3 = 'member_count' then member_count when $3 = '-member_count' then -member_count end,
    active_at desc, id desc
limit $4 offset $5
