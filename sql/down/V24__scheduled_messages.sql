-- Back to the version before: what waits to be said later is never said. Stop the servers first.
begin;
drop table if exists scheduled_messages;
drop function if exists notify_scheduled_messages;
delete from refinery_schema_history where version = 24;
commit;
