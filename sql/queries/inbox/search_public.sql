-- Those in which every word occurs, in the title or the description. $2 are the words as patterns; $1 is the longest of
-- them, by itself, since chats_search_idx finds one pattern but not "all of these".
select
    id, kind, visibility, title, description, image_key, owner_id, member_count, last_seq, retention_days,
    created_at, updated_at,
    count(*) over () as total
from chats
where visibility = 'public' and kind = 'group'
    and lower(title || ' ' || description) like lower($1)
    and lower(title || ' ' || description) like all (array(select lower(word) from unnest($2::text[]) as word))
order by active_at desc, id desc
limit $3 offset $4
