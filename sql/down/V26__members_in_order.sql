-- Back to the version before: members are sorted for each page. Nothing is lost.
begin;
drop index if exists members_joined_idx;
delete from refinery_schema_history where version = 26;
commit;
