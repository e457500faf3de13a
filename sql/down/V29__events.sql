-- Back to the version before: every event is gone for good, with its tickets, its line of those who wait, and its chat. Stop the
-- servers first, and run the older program's `trunkline migrate` next: until then nobody can be made a member of a chat, and nobody
-- is erased.
begin;
drop trigger if exists users_hold_events on users;
drop trigger if exists members_guard_event on members;
drop trigger if exists members_guard_event_owner on members;
drop trigger if exists chats_keep_event on chats;
delete from events;
drop table if exists event_waiting, tickets, events;
drop function if exists api_time, begin_event, hold_events, notify_soon, change_event, check_person, check_timezone, count_places, end_event, end_event_chat,
    feed_line, guard_event_chat, keep_event_chat, keep_place, keep_ticket, leave_event, leave_line, release_holds, remind_event,
    remind_time, return_ticket, sale_refusal, sell_ticket, serve_line, shown_time, stand_in_line, tell_event_change, welcome_holder;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 29;
commit;
