-- Back to version 12. Nothing people wrote is lost. Stop the servers first, and run the older program's `trunkline migrate`
-- next: it puts its own functions and triggers in the place of these, and until then nothing can be written to a chat.
begin;
drop trigger if exists messages_count on messages;
drop trigger if exists members_log_arrival on members;
drop trigger if exists members_log_departure on members;
drop trigger if exists members_log_role on members;
drop trigger if exists members_log_roles on members;
drop function if exists count_messages, log_member_change, log_member_role, stop_webhooks_of;
-- And the triggers that ask it.
drop function if exists restoring, keep_own_rows cascade;
drop index if exists users_email_folded_key, users_folded_search_idx, chats_public_folded_title_key, chats_folded_search_idx;
drop function if exists folded;
drop collation if exists letters;
drop table if exists installed_functions;
delete from refinery_schema_history where version = 13;
commit;
