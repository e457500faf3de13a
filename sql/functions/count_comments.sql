-- Counts the comments of each event and post, whoever writes: once a statement, so that a thousand cost no more than one. What is
-- counted is locked in the order of ids, events first.
create or replace function count_comments() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    sign integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    if tg_op = 'TRUNCATE' then
        update public.events set comment_count = 0 where comment_count > 0;
        update public.posts set comment_count = 0 where comment_count > 0;
        return null;
    end if;
    if exists (select from changed where event_id is not null) then
        perform 1 from public.events where id in (select event_id from changed) order by id for no key update;
        update public.events
        set comment_count = comment_count + sign * counted.number
        from (select event_id, count(*)::integer as number from changed where event_id is not null group by event_id) as counted
        where events.id = counted.event_id;
    end if;
    if exists (select from changed where post_id is not null) then
        perform 1 from public.posts where id in (select post_id from changed) order by id for no key update;
        update public.posts
        set comment_count = comment_count + sign * counted.number
        from (select post_id, count(*)::integer as number from changed where post_id is not null group by post_id) as counted
        where posts.id = counted.post_id;
    end if;
    return null;
end
$$;

create or replace trigger comments_count
after insert on comments
referencing new table as changed
for each statement when (not public.restoring())
execute function count_comments();

create or replace trigger comments_count_deleted
after delete on comments
referencing old table as changed
for each statement
execute function count_comments();

create or replace trigger comments_count_truncated
after truncate on comments
for each statement
execute function count_comments();
