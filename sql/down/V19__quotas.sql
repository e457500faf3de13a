-- Back to version 18: quotas are not asked for any more. Nothing is lost. Stop the servers first. Then run `trunkline migrate` of
-- the program whose latest migration is V18: it puts its own functions in the place of these.
begin;
create index if not exists files_owner_id_idx on files (owner_id);
drop index if exists files_owner_id_created_at_idx;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 19;
commit;
