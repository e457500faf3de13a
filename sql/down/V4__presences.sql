-- Back to version 3: nobody is seen online any more.
begin;
drop table if exists presences, instances;
drop function if exists notify_presences;
delete from refinery_schema_history where version = 4;
commit;
