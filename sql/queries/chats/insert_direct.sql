-- chats/insert_direct
-- The chat between two people, unless there is one: pairs are unique, whoever asks and however many at once.
insert into chats (id, kind, visibility, pair)
values ($1, 'direct', 'private', array[least($2::uuid, $3::uuid), greatest($2, $3)])
on conflict do nothing
