-- Back to the version before: public chats are put in order each time. Nothing is lost.
begin;
drop function if exists rank_chat(), newest_public(uuid, timestamptz, timestamptz, bigint, bigint) cascade;
delete from installed_functions
where name in ('function rank_chat', 'function newest_public', 'trigger chats_rank on chats', 'trigger chats_rank_new on chats');
drop index if exists chats_public_ranked_at_idx;
alter table chats drop column if exists ranked_at;
delete from refinery_schema_history where version = 25;
commit;
