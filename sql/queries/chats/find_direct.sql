-- chats/find_direct
-- The chat between two people. Asked by a statement of its own: who waited for another to make it did not see it before.
select id from chats where kind = 'direct' and pair = array[least($1::uuid, $2::uuid), greatest($1, $2)]
