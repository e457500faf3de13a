-- Removes a piece of the comments that a deleted event or post has left behind, up to `most`, and in the end its row in
-- ended_comments. Answers how many comments went. Where somebody else is at it, nothing is done; a comment that somebody is just
-- deleting is left to them.
--
-- What was removed before is skipped: an old snapshot keeps the index entries of what is gone.
create or replace function remove_comments(ended uuid, most integer) returns bigint
language plpgsql
set enable_seqscan = off
as $$
declare
    place public.ended_comments;
    removed bigint;
    up_to_at timestamptz;
    up_to_id uuid;
begin
    select * into place from public.ended_comments where on_id = ended for update skip locked;
    if not found then
        return 0;
    end if;
    with piece as (
        select id, created_at
        from public.comments
        where on_id = ended and (created_at, id) > (place.after_at, place.after_id)
        order by created_at, id
        limit most
        for update skip locked
    ),
    gone as (
        delete from public.comments using piece where comments.id = piece.id returning comments.id, comments.created_at
    )
    select count(*), (array_agg(created_at order by created_at desc, id desc))[1], (array_agg(id order by created_at desc, id desc))[1]
    into removed, up_to_at, up_to_id
    from gone;
    if removed = most then
        update public.ended_comments set after_at = up_to_at, after_id = up_to_id where on_id = ended;
    elsif exists (select from public.comments where on_id = ended) then
        -- Somebody was at them: once more from the beginning.
        update public.ended_comments set after_at = default, after_id = default where on_id = ended;
    else
        delete from public.ended_comments where on_id = ended;
    end if;
    return removed;
end
$$;
