-- The functions and triggers that notify say so in their names (notify_…), and are installed after this. Those of before go.
drop function if exists ring(text, text[]), ring_jobs(), ring_members(), ring_messages(), ring_presences(), ring_roles(),
    ring_sessions(), ring_webhooks() cascade;
delete from installed_functions where name ~ '^(function ring(_|$)|trigger [a-z_]+_ring(_| on ))';
comment on table jobs is 'Work done at least once, by one instance at a time. An INSERT of task and args notifies: it runs at once.';
