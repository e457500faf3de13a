-- verify/head
-- Where the log of a chat begins now.
select first_seq from chats where id = $1
