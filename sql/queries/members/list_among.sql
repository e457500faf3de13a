-- members/list_among
-- Which of these people are members.
select user_id from members where chat_id = $1 and user_id = any ($2)
