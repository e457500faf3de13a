-- Where the logs of these chats begin and end.
select id, first_seq, last_seq from chats where id = any ($1)
