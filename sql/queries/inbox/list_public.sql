-- $1 are the words to look for, as patterns; every one must occur in the title or the description.
select id, kind, visibility, title, description, image_key, owner_id, member_count, last_seq, created_at, updated_at, count(*) over () as total
from chats
where visibility = 'public' and kind = 'group'
    and lower(title) || ' ' || lower(description) like all ($1::text[])
order by active_at desc, id desc
limit $2 offset $3
