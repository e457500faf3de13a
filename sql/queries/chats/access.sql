-- chats/access
-- What decides whether someone may enter: the one check of every endpoint.
select kind, visibility, first_seq, last_seq, message_count, role, block, is_banned
from access_to($1, $2)
