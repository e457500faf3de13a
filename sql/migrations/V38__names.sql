-- What serves the waiting list of an event, and what locks before it changes, says so in its name. The new functions and triggers
-- are installed after this; those of before go.
drop trigger if exists users_feed_lines on users;
drop trigger if exists users_hold_events on users;
drop trigger if exists reactions_hold_message on reactions;
drop trigger if exists pins_hold_message on pins;
drop trigger if exists event_waiting_begin on event_waiting;
drop trigger if exists event_waiting_serve on event_waiting;
drop trigger if exists event_waiting_leave on event_waiting;
drop trigger if exists comments_tell on comments;
drop function if exists stand_in_line(), serve_line(), leave_line(), feed_line(uuid), feed_lines(), hold_events(), hold_message(),
    hears_too_often(uuid, uuid), tell_commented();
delete from installed_functions where name in (
    'function stand_in_line', 'function serve_line', 'function leave_line', 'function feed_line', 'function feed_lines',
    'function hold_events', 'function hold_message', 'function hears_too_often', 'trigger users_feed_lines on users',
    'trigger users_hold_events on users', 'trigger reactions_hold_message on reactions', 'trigger pins_hold_message on pins',
    'trigger event_waiting_leave on event_waiting', 'function tell_commented', 'trigger comments_tell on comments'
);
