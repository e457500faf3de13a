-- Back to the version before: all posts and comments are gone for good, and every address of a calendar. Stop the servers first, and
-- run the older program's `trunkline migrate` next: until then nobody can be erased, and no event can be deleted: functions ask
-- for the tables that go here.
begin;
drop table if exists comments, posts, ended_comments, calendar_feeds, calendar_tombstones;
drop trigger if exists events_end_comments on events;
drop trigger if exists events_refuse_ended on events;
drop trigger if exists events_keep_tombstones on events;
drop function if exists begin_post, begin_comment, keep_comment, count_comments, tell_commented, end_comments, remove_comments,
    refuse_ended_comments, audit_posts, audit_comments, clear_posts, keep_tombstones,
    calendar_sequence;
alter table if exists events drop column if exists comment_count;
-- Whoever migrates next makes all functions and triggers anew, whichever version made these.
delete from installed_functions;
delete from refinery_schema_history where version = 30;
commit;
