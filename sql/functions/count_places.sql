-- The one place that counts the tickets of an event: so many more are sold, and so many more are held. Whoever calls it has locked the
-- event. More than there are break events_places_check.
create or replace function count_places(wanted_event uuid, sold integer, held integer) returns void
language plpgsql
set enable_seqscan = off
as $$
declare
    counting_before text := coalesce(current_setting('trunkline.counting', true), '');
begin
    if sold = 0 and held = 0 then
        return;
    end if;
    perform set_config('trunkline.counting', 'on', true);
    update public.events
    set tickets_sold = tickets_sold + sold, tickets_held = tickets_held + held
    where id = wanted_event;
    perform set_config('trunkline.counting', counting_before, true);
end
$$;
