-- Back to the version before: what waits to be said later is never said. Stop the servers first.
begin;
drop table if exists scheduled_messages;
drop function if exists notify_scheduled_messages, refuse_blank_scheduled;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 24;
commit;
