-- members/insert_pair
-- The two of a direct chat; also one whom SQL had removed.
insert into members (chat_id, user_id, last_read_seq)
select chats.id, person, chats.last_seq
from chats, unnest(chats.pair) as person
where chats.id = $1
on conflict do nothing
