-- users/list_chats
-- The next chats ($1, $2), and which part of the log of each is there: somebody may have spoken in any.
select id as chat_id, first_seq - 1 as after, last_seq as up_to from chats where id > $1 order by id limit $2
