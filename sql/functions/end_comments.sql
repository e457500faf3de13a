-- The comments of a deleted event or post are gone at once, for everybody: every way to them asks for what they are on. A few go with it;
-- of many the rest is noted in ended_comments, and a job removes it in pieces (remove_comments).
create or replace function end_comments() returns trigger
language plpgsql
as $$
begin
    insert into public.ended_comments (on_id) values (old.id) on conflict do nothing;
    perform public.remove_comments(old.id, 1000);
    return null;
end
$$;

create or replace trigger posts_end_comments
after delete on posts
for each row
execute function end_comments();

create or replace trigger events_end_comments
after delete on events
for each row
execute function end_comments();
