select count(*)
from chats
where visibility = 'public' and kind = 'group'
    and lower(title) || ' ' || lower(description) like all ($1::text[])
