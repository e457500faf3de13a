-- Back to version 38: pages of members are sorted anew each time. Stop the servers first. Then run `trunkline migrate` of the program
-- whose latest migration is V38: it puts its own functions in the place of these.
begin;
drop index if exists members_joined_at_idx;
drop function if exists access_to, find_public;
alter table search_runs reset (
    autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor, toast.autovacuum_vacuum_insert_scale_factor
);
delete from installed_functions;
delete from refinery_schema_history where version = 39;
commit;
