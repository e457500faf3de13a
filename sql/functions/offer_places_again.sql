-- Who is suspended is skipped on every waiting list. Who is let in again has the same place as before: the waiting lists they are on
-- are served anew, one after the other in the order of the events.
create or replace function offer_places_again() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    waiting record;
begin
    for waiting in
        select w.event_id from public.event_waiting as w where w.user_id = new.id and w.held_until is null order by w.event_id
    loop
        perform public.offer_places(waiting.event_id);
    end loop;
    return null;
end
$$;

create or replace trigger users_offer_places
after update of status on users
for each row when (old.status <> new.status)
execute function offer_places_again();
