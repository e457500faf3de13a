-- members/list_pairs
-- Which of these people are in which of these chats: pairs, as they are asked.
select members.user_id, members.chat_id
from unnest($1::uuid[], $2::uuid[]) as asked (user_id, chat_id)
join members on members.chat_id = asked.chat_id and members.user_id = asked.user_id
