-- The same, unless somebody else holds the chat: then no row.
select id from chats where id = $1 for no key update skip locked
