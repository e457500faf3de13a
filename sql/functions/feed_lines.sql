-- Who is suspended is passed over in every line, and who is let in again stands where they stood: the lines they wait in are served
-- anew, one after the other in the order of the events.
create or replace function feed_lines() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    line record;
begin
    for line in
        select w.event_id from public.event_waiting as w where w.user_id = new.id and w.held_until is null order by w.event_id
    loop
        perform public.feed_line(line.event_id);
    end loop;
    return null;
end
$$;

create or replace trigger users_feed_lines
after update of status on users
for each row when (old.status <> new.status)
execute function feed_lines();
