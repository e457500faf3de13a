-- Takes somebody who is erased out of an event: an event of theirs ends, and elsewhere their tickets and their place on the waiting list
-- go, for others to have. People before events, and events before chats, as everybody locks them.
create or replace function leave_event(wanted_event uuid, person uuid) returns void
language plpgsql
set enable_seqscan = off
as $$
begin
    perform from public.users where id = person for key share;
    perform from public.events where id = wanted_event for no key update;
    delete from public.events where id = wanted_event and owner_id = person;
    delete from public.tickets where event_id = wanted_event and holder_id = person;
    delete from public.event_waiting where event_id = wanted_event and user_id = person;
end
$$;
