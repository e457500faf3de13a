-- Back to an empty database. The extension stays: others may use it.
begin;
drop function if exists fold, notify_instances, uuid_v7;
delete from refinery_schema_history where version = 1;
commit;
