-- Back to version 2: every chat, membership and message is gone for good.
begin;
drop table if exists messages, members, chats;
drop function if exists clear_messages, end_chat, log_chat_change, log_member_change, stamp_message_change,
    log_message_change, number_message, post_messages, ring_members, ring_messages;
delete from refinery_schema_history where version = 3;
commit;
