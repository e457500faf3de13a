-- bans/list_pairs
-- Those of these pairs of a person and a chat that are banned.
select bans.user_id, bans.chat_id
from unnest($1::uuid[], $2::uuid[]) as pairs (user_id, chat_id)
join bans on bans.chat_id = pairs.chat_id and bans.user_id = pairs.user_id
