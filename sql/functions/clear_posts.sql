-- Removes a piece of what somebody has written for everybody: up to `most` of their comments, then of their posts. Answers how many went.
-- What the comments are on is locked first, as whoever deletes one does.
create or replace function clear_posts(person uuid, most integer) returns bigint
language plpgsql
set enable_seqscan = off
as $$
declare
    piece uuid[];
    removed bigint;
begin
    piece := array(select id from public.comments where owner_id = person order by created_at, id limit most);
    perform 1 from public.events where id in (select event_id from public.comments where id = any (piece)) order by id for no key update;
    perform 1 from public.posts where id in (select post_id from public.comments where id = any (piece)) order by id for no key update;
    delete from public.comments where id = any (piece);
    get diagnostics removed = row_count;
    if removed = 0 then
        piece := array(select id from public.posts where owner_id = person order by created_at, id limit most);
        perform 1 from public.posts where id = any (piece) order by id for update;
        delete from public.posts where id = any (piece);
        get diagnostics removed = row_count;
    end if;
    return removed;
end
$$;
