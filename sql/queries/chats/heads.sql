-- Where the logs of these chats stand.
select id, last_seq from chats where id = any ($1)
