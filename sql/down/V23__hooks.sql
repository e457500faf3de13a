-- Back to version 22: every hook is gone for good, and so are the bot users; what they said stays, and nobody knows any
-- more who said it. Stop the servers first. Then run `trunkline migrate` of the program whose latest migration is V21:
-- it puts its own functions in the place of these. Until then nobody becomes a member, and nothing is posted: the functions
-- ask for what goes here.
begin;
delete from users where is_bot;
drop table if exists hooks;
drop function if exists begin_hook, end_hook, audit_hooks;
alter table users drop column if exists is_bot;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 23;
commit;
