-- Back to version 4: every invite is gone for good; who came with one stays.
begin;
drop table if exists invites;
delete from refinery_schema_history where version = 5;
commit;
