-- Back to version 8: messages are no longer found by an index. Nothing people wrote is lost. Run the older program's
-- `trunkline migrate` next: until then every edit and recall fails, as its functions write to what is gone.
begin;
drop table if exists search_heads, search_blocks;
delete from refinery_schema_history where version = 9;
commit;
