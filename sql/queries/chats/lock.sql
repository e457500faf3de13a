-- chats/lock
-- The chat stays as it is until the transaction ends. Asked before anything else: a statement that waited for this lock
-- would still see members as they were before it waited.
select id from chats where id = $1 for no key update
