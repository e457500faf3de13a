-- Back to the version before: the views api_v1_* go; whoever reads them has to read the tables. Nothing is lost. What the
-- catalog says of columns stays, it is as true as before.
begin;
drop view if exists
    api_v1_users, api_v1_chats, api_v1_members, api_v1_messages, api_v1_message_facts, api_v1_entries, api_v1_reactions,
    api_v1_pins, api_v1_files, api_v1_sessions, api_v1_audit;
delete from refinery_schema_history where version = 35;
commit;
