-- Back to version 15: every ban is gone for good; whoever was put out may come again. Stop the servers first, and run the older
-- program's `trunkline migrate` next: until then nothing can be written to a chat.
begin;
drop trigger if exists members_refuse_banned on members;
drop table if exists bans;
drop function if exists begin_ban, put_out_banned, refuse_banned, audit_bans, knows;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 16;
commit;
