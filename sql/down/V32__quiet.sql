-- Back to the version before. Nothing is lost; jobs are looked for more often.
begin;
drop index if exists jobs_run_at_idx;
delete from refinery_schema_history where version = 32;
commit;
