-- bans/list_of_people
-- Every ban of these people.
select user_id, chat_id from bans where user_id = any ($1::uuid[])
