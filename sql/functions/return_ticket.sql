-- A ticket is for its event, its holder and so many places, for good; given back it stays so. In a calendar that is a change.
create or replace function keep_ticket() returns trigger
language plpgsql as $$
begin
    if (old.id, old.event_id, old.holder_id, old.quantity) is distinct from (new.id, new.event_id, new.holder_id, new.quantity)
        or (old.cancelled_at is not null and new.cancelled_at is null) then
        raise restrict_violation using
            message = 'a ticket keeps its event, its holder and its places, and stays cancelled',
            hint = 'Set cancelled_at = now(), and INSERT another one.';
    end if;
    new.sequence := old.sequence;
    if old.cancelled_at is distinct from new.cancelled_at then
        new.sequence := public.ticket_sequence(old.event_id, old.holder_id);
    end if;
    return new;
end
$$;

create or replace trigger tickets_keep
before update on tickets
for each row when (not public.restoring())
execute function keep_ticket();

-- The places of a ticket that is given back are for the next who waits, and who holds no other leaves the chat of the event. Whose
-- ticket somebody else has cancelled is notified. Of an event that is being deleted nothing is left to do.
create or replace function return_ticket() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    event record;
    actor uuid := nullif(current_setting('trunkline.actor', true), '')::uuid;
begin
    select owner_id, name, chat_id into event from public.events where id = old.event_id for no key update;
    if not found then
        return null;
    end if;
    perform public.count_places(old.event_id, -old.quantity, 0);
    if event.chat_id is not null and event.owner_id <> old.holder_id then
        -- The lock first: whoever makes them a member at this moment is seen, or sees that they hold nothing (guard_event_chat.sql).
        perform from public.chats where id = event.chat_id for no key update;
        delete from public.members
        where chat_id = event.chat_id and user_id = old.holder_id
            and not exists (
                select from public.tickets
                where event_id = old.event_id and holder_id = old.holder_id and cancelled_at is null
            );
    end if;
    if tg_op = 'UPDATE' and actor <> old.holder_id then
        perform public.notify_people(
            array[old.holder_id], 'event_changed', format('cancelled your ticket for “%s”', event.name), actor,
            jsonb_build_object(
                'event_id', old.event_id, 'name', event.name, 'ticket_id', old.id, 'changed', '["ticket"]'::jsonb, 'deleted', false
            )
        );
    end if;
    perform public.offer_places(old.event_id);
    return null;
end
$$;

create or replace trigger tickets_return
after update of cancelled_at on tickets
for each row when (old.cancelled_at is null and new.cancelled_at is not null and not public.restoring())
execute function return_ticket();

create or replace trigger tickets_return_deleted
after delete on tickets
for each row when (
    old.cancelled_at is null and not public.restoring()
    and coalesce(current_setting('trunkline.ending', true), '') <> old.event_id::text
)
execute function return_ticket();
