-- Back to version 37: the functions have their names of before. Stop the servers first. Then run `trunkline migrate` of the program
-- whose latest migration is V37: it puts its own functions in the place of these.
begin;
drop trigger if exists users_offer_places on users;
drop trigger if exists users_lock_events on users;
drop trigger if exists reactions_lock_message on reactions;
drop trigger if exists pins_lock_message on pins;
drop trigger if exists event_waiting_begin on event_waiting;
drop trigger if exists event_waiting_serve on event_waiting;
drop trigger if exists event_waiting_end on event_waiting;
drop trigger if exists comments_notify on comments;
drop function if exists begin_waiting, serve_waiting, end_waiting, offer_places, offer_places_again, lock_events, lock_message,
    is_flooded_by, notify_commented;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 38;
commit;
