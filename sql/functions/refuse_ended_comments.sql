-- A new event or post does not take over what is left of another one's comments.
create or replace function refuse_ended_comments() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if exists (select from public.ended_comments where on_id = new.id) then
        raise unique_violation using
            message = format('%s was deleted, and its comments are not removed yet', new.id),
            hint = 'Leave the id out, or wait until ended_comments does not name it any more.',
            constraint = tg_table_name || '_ended_check', table = tg_table_name;
    end if;
    return new;
end
$$;

create or replace trigger posts_refuse_ended
before insert on posts
for each row when (not public.restoring())
execute function refuse_ended_comments();

create or replace trigger events_refuse_ended
before insert on events
for each row when (not public.restoring())
execute function refuse_ended_comments();
