-- Back to the version before: tickets count in calendars by their time alone, and who has got fewer places than they wait for is not told.
-- Run the older program's `trunkline migrate` next.
begin;
drop trigger if exists users_feed_lines on users;
drop trigger if exists friends_forget_requests on friends;
drop function if exists feed_lines, forget_friend_requests, ticket_sequence;
alter table event_waiting drop column if exists told_free;
alter table tickets drop column if exists sequence;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 36;
commit;
