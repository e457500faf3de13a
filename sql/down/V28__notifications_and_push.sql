-- Back to version 27: what people were told beside the messages is gone for good, how they wanted to be told, and the devices
-- that were to be reached. Stop the servers first. Then run `trunkline migrate` of the program whose latest migration is V27:
-- it puts its own functions in the place of these. Until then nothing is posted and nobody is erased: post_message and
-- erase_user ask for what goes here.
begin;
delete from jobs where task in ('send_push', 'announce');
drop function if exists notify_mentioned, notify_friends, notify_added, notify_scheduled_failed, forget_notifications cascade;
drop table if exists push_queue, push_subscriptions, push_keys, chat_mutes, notification_preferences, notifications,
    notification_heads;
drop function if exists notify_people, hears_too_often, is_muted, push_by_default, wants_push, is_away, number_notifications,
    begin_notification, count_notifications, queue_pushes, queue_push_job, queue_direct_push;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 28;
commit;
