-- Back to version 5: every friendship, request and block is gone for good.
begin;
drop table if exists friends, blocks;
drop function if exists begin_block, block_between, block_in, guard_friend;
delete from refinery_schema_history where version = 6;
commit;
