-- members/list_of_people
-- Who of these people is in which chats.
select user_id, chat_id from members where user_id = any ($1)
