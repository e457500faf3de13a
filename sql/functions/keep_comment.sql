-- A comment stays where it was written: moved, it would be counted in the wrong place.
create or replace function keep_comment() returns trigger
language plpgsql
as $$
begin
    raise check_violation using
        message = 'a comment stays on what it was written about',
        hint = 'Write another one, and delete this one.',
        constraint = 'comments_moved_check', table = 'comments';
end
$$;

create or replace trigger comments_keep
before update of event_id, post_id on comments
for each row when ((old.event_id, old.post_id) is distinct from (new.event_id, new.post_id))
execute function keep_comment();
