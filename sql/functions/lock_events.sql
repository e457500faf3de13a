-- Who is deleted for good leaves events and chats. Events come before chats, as everybody locks them, and the order in which
-- foreign keys take the rest along is another one: so this trigger locks the events first.
create or replace function lock_events() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    perform from public.events
    where id = any (array(
        select event_id from public.tickets where holder_id = old.id
        union
        select event_id from public.event_waiting where user_id = old.id
        union
        select id from public.events where owner_id = old.id
    ))
    order by id
    for no key update;
    return old;
end
$$;

create or replace trigger users_lock_events
before delete on users
for each row
execute function lock_events();
