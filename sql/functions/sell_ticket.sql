-- Whether somebody may have so many places of an event now, in one word; null where they may. Whoever asks has locked the event.
-- `started`: it has begun. `sold_out`: there are not so many, or others wait who come first; who is suspended does not.
-- What is held for somebody is theirs; beyond that they are like everybody else. Who waits first may take fewer than they wait for.
create or replace function sale_refusal(wanted_event uuid, person uuid, wanted integer) returns text
language plpgsql
set enable_seqscan = off
as $$
declare
    event record;
    own record;
    held integer := 0;
begin
    select event_time, max_tickets, max_tickets - tickets_sold - tickets_held as free into event
    from public.events where id = wanted_event;
    if event.event_time <= clock_timestamp() then
        return 'started';
    end if;
    select quantity, place, held_until into own
    from public.event_waiting where event_id = wanted_event and user_id = person;
    if own.held_until is not null then
        held := own.quantity;
    end if;
    if wanted <= held then
        return null;
    end if;
    if wanted > held + event.free or exists (
        select
        from public.event_waiting as w
        where w.event_id = wanted_event and w.held_until is null and w.quantity <= event.max_tickets
            and w.user_id <> person and (held > 0 or own.place is null or w.place < own.place)
            and (select u.status from public.users as u where u.id = w.user_id) = 'active'
    ) then
        return 'sold_out';
    end if;
    return null;
end
$$;

-- Refuses somebody who is erased, and a bot. The lock keeps them from going before they have what they get.
create or replace function check_person(person uuid, rule text, of_table text) returns void
language plpgsql
set enable_seqscan = off
as $$
begin
    perform from public.users where id = person and erased_at is null and not is_bot for key share;
    if not found then
        raise foreign_key_violation using
            message = 'only a person who is there can have this', constraint = rule, table = of_table;
    end if;
end
$$;

-- A ticket is sold under the lock of its event, or not at all: where there is no room, and where others come first.
create or replace function sell_ticket() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    refusal text;
    held integer := 0;
    own record;
begin
    perform public.check_person(new.holder_id, 'tickets_holder_id_fkey', 'tickets');
    perform from public.events where id = new.event_id for no key update;
    new.sequence := public.ticket_sequence(new.event_id, new.holder_id);
    if not found or new.cancelled_at is not null or new.quantity not between 1 and 10 then
        return new; -- the constraints say what is wrong; one that is cancelled takes no place
    end if;
    perform public.release_holds(new.event_id);
    refusal := public.sale_refusal(new.event_id, new.holder_id, new.quantity);
    if refusal = 'started' then
        raise check_violation using
            message = 'the event has begun: no ticket is sold any more',
            constraint = 'tickets_started_check', table = 'tickets';
    elsif refusal is not null then
        raise check_violation using
            message = 'there are not so many places left, or others wait who come first',
            constraint = 'tickets_sold_out_check', table = 'tickets';
    end if;
    perform set_config('trunkline.taking', 'on', true);
    delete from public.event_waiting where event_id = new.event_id and user_id = new.holder_id
    returning quantity, held_until into own;
    perform set_config('trunkline.taking', '', true);
    if own.held_until is not null then
        held := own.quantity;
    end if;
    perform public.count_places(new.event_id, new.quantity, -held);
    return new;
end
$$;

create or replace trigger tickets_sell
before insert on tickets
for each row when (not public.restoring())
execute function sell_ticket();

-- Who has bought comes into the chat of the event, unless they are banned there, and the owner is notified. If the others have been
-- reminded already, who has bought is reminded now, once. What was held for them
-- beyond what they took is for the next who waits.
--
-- Once a statement: of members who come one by one each would have the row of their chat written anew.
create or replace function welcome_holder() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    event record;
    ticket record;
begin
    for event in
        select e.id, e.owner_id, e.name, e.chat_id, e.event_time, e.timezone, e.remind_at, e.remind_minutes
        from (select distinct event_id from added where cancelled_at is null) as sold
        join public.events as e on e.id = sold.event_id
        order by e.id
    loop
        if event.chat_id is not null then
            perform from public.chats where id = event.chat_id for no key update;
            insert into public.members (chat_id, user_id, last_read_seq)
            select chats.id, holder.id, chats.last_seq
            from (
                select distinct holder_id as id from added where event_id = event.id and cancelled_at is null
            ) as holder
            cross join lateral (select c.id, c.last_seq from public.chats as c where c.id = event.chat_id limit 1) as chats
            where not exists (select from public.bans where bans.chat_id = chats.id and bans.user_id = holder.id)
                and not exists (select from public.members where members.chat_id = chats.id and members.user_id = holder.id)
            order by holder.id;
        end if;
        for ticket in
            select id, holder_id, quantity
            from added
            where event_id = event.id and cancelled_at is null and holder_id <> event.owner_id
            order by id
        loop
            perform public.notify_people(
                array[event.owner_id], 'ticket_bought',
                format(
                    case ticket.quantity when 1 then 'has a ticket for “%1$s”' else 'has %2$s tickets for “%1$s”' end,
                    event.name, ticket.quantity
                ),
                ticket.holder_id,
                jsonb_build_object(
                    'event_id', event.id, 'name', event.name, 'ticket_id', ticket.id, 'quantity', ticket.quantity
                )
            );
        end loop;
        if event.remind_at is null and event.remind_minutes > 0
            and clock_timestamp() between event.event_time - make_interval(mins => event.remind_minutes) and event.event_time
        then
            perform public.notify_soon(
                array(
                    select distinct a.holder_id
                    from added as a
                    where a.event_id = event.id and a.cancelled_at is null and a.holder_id <> event.owner_id
                        and not exists (
                            select from public.tickets as t
                            where t.holder_id = a.holder_id and t.event_id = event.id and t.cancelled_at is null
                                and t.id not in (select b.id from added as b)
                        )
                ),
                event.id, event.name, event.event_time, event.timezone
            );
        end if;
        perform public.offer_places(event.id);
    end loop;
    return null;
end
$$;

create or replace trigger tickets_welcome
after insert on tickets
referencing new table as added
for each statement when (not public.restoring())
execute function welcome_holder();
