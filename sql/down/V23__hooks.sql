-- Back to the version before: every hook is gone for good, and so are the bot users; what they said stays, and nobody knows any
-- more who said it. Stop the servers first, and run the older program's `trunkline migrate` next: until then nothing can be
-- written to a chat.
begin;
delete from users where is_bot;
drop table if exists hooks;
drop function if exists begin_hook, end_hook, audit_hooks;
alter table users drop column if exists is_bot;
delete from refinery_schema_history where version = 23;
commit;
