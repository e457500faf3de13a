select count(*)
from chats
where visibility = 'public' and kind = 'group'
    and lower(title || ' ' || description) like lower($1)
    and lower(title || ' ' || description) like all (array(select lower(word) from unnest($2::text[]) as word))
