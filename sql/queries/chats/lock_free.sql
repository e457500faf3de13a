-- chats/lock_free
-- Those of these chats that nobody else holds; they stay as they are until the transaction ends.
select id from chats where id = any ($1) order by id for no key update skip locked
