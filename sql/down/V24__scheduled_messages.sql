-- Back to version 23: what waits to be said later is never said. Stop the servers first. Then run `trunkline migrate` of the
-- program whose latest migration is V23: it puts its own functions in the place of these. Until then nothing is posted and
-- nobody is erased: post_messages and erase_user ask for the table that goes here.
begin;
drop table if exists scheduled_messages;
drop function if exists notify_scheduled_messages, refuse_blank_scheduled;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 24;
commit;
