-- Back to version 2: every chat, membership and message is gone for good.
begin;
drop table if exists pins, reactions, messages, members, chats;
drop function if exists clear_messages, end_chat, follow_creator, hold_message, log_chat_change, log_member_change,
    stamp_message_change, log_message_change, log_pin_change, log_reaction_change, mentions_in, number_message, peer_of,
    place_reaction, post_messages, reactions_of, notify_members, notify_messages, trim_messages;
delete from refinery_schema_history where version = 3;
commit;
