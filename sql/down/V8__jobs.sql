-- Back to version 7: what waits to be done is forgotten.
begin;
drop trigger if exists users_discard_replaced on users;
drop trigger if exists users_discard_deleted on users;
drop trigger if exists chats_discard_replaced on chats;
drop trigger if exists chats_discard_deleted on chats;
drop function if exists discard_picture;
drop table if exists jobs, ticks, cache;
drop function if exists notify_jobs;
delete from refinery_schema_history where version = 8;
commit;
