-- Back to before version 8: what waits to be done is forgotten.
begin;
drop table if exists jobs, ticks, cache;
drop function if exists ring_jobs;
delete from refinery_schema_history where version = 8;
commit;
