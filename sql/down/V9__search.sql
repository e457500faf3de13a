-- Back to version 8: messages are no longer found by an index. Nothing people wrote is lost.
begin;
drop table if exists search_heads, search_blocks;
delete from refinery_schema_history where version = 9;
commit;
