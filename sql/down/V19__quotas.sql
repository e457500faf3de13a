-- Back to the version before: quotas are not asked for any more. Nothing is lost.
begin;
create index if not exists files_owner_id_idx on files (owner_id);
drop index if exists files_owner_id_created_at_idx;
delete from refinery_schema_history where version = 19;
commit;
