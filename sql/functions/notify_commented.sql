-- Tells the owner of an event or a post of a new comment on it. The words of the comment are not in it: who deletes the comment
-- leaves none behind.
create or replace function notify_commented() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    said record;
begin
    for said in
        select changed.id, changed.event_id, changed.post_id, changed.owner_id, posts.owner_id as recipient, posts.title
        from changed
        join public.posts on posts.id = changed.post_id
        where posts.owner_id <> changed.owner_id
        union all
        select changed.id, changed.event_id, changed.post_id, changed.owner_id, events.owner_id, events.name
        from changed
        join public.events on events.id = changed.event_id
        where events.owner_id <> changed.owner_id
        order by recipient, id
    loop
        perform public.notify_people(
            array[said.recipient], 'comment', 'commented on “' || said.title || '”', said.owner_id,
            jsonb_strip_nulls(jsonb_build_object(
                'comment_id', said.id, 'event_id', said.event_id, 'post_id', said.post_id
            ))
        );
    end loop;
    return null;
end
$$;

create or replace trigger comments_notify
after insert on comments
referencing new table as changed
for each statement when (not public.restoring())
execute function notify_commented();
