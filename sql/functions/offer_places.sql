-- Gives the free places of an event to those who wait, the first one first, as holds of a day that end at the start at the
-- latest. The waiting list is strict: where the first wants more than is free, nobody behind them is served. They are told how
-- many there are, since they may take fewer, or wait on. Who is suspended is skipped as long as they are. Whoever calls it has
-- locked the event; once it has begun there are no holds.
--
-- One statement serves all of them, however many there are: each wants a place at least, so no more are looked at than places are
-- free.
create or replace function offer_places(wanted_event uuid) returns void
language plpgsql
set enable_seqscan = off
as $$
declare
    event record;
    ends timestamptz;
    served record;
    first record;
    counting_before text := coalesce(current_setting('trunkline.counting', true), '');
begin
    select name, event_time, max_tickets, max_tickets - tickets_sold - tickets_held as free into event
    from public.events where id = wanted_event for no key update;
    if not found or event.free <= 0 or event.event_time <= clock_timestamp() then
        return;
    end if;
    -- Most events have nobody who waits.
    perform from public.event_waiting where event_id = wanted_event and held_until is null limit 1;
    if not found then
        return;
    end if;
    ends := least(clock_timestamp() + make_interval(hours => 24), event.event_time);
    for served in
        select quantity, array_agg(user_id) as people, count(*)::integer as number
        from (
            select user_id, quantity, sum(quantity) over (order by place) as up_to
            from (
                select w.user_id, w.quantity, w.place
                from public.event_waiting as w
                where w.event_id = wanted_event and w.held_until is null and w.quantity <= event.max_tickets
                    and (select u.status from public.users as u where u.id = w.user_id) = 'active'
                order by w.place
                limit event.free
            ) as foremost
        ) as waiting
        where up_to <= event.free
        group by quantity
    loop
        perform set_config('trunkline.counting', 'on', true);
        update public.event_waiting set held_until = ends where event_id = wanted_event and user_id = any (served.people);
        perform set_config('trunkline.counting', counting_before, true);
        perform public.count_places(wanted_event, 0, served.quantity * served.number);
        event.free := event.free - served.quantity * served.number;
        perform public.notify_people(
            served.people, 'place_free',
            format(
                case served.quantity when 1 then 'A place at “%1$s” is held for you.' else '%2$s places at “%1$s” are held for you.' end,
                event.name, served.quantity
            ),
            null,
            jsonb_build_object(
                'event_id', wanted_event, 'name', event.name, 'quantity', served.quantity, 'held_until', public.api_time(ends)
            )
        );
    end loop;
    if event.free <= 0 then
        return;
    end if;
    -- Who is first now waits for more than is left.
    select w.user_id, w.quantity into first
    from public.event_waiting as w
    where w.event_id = wanted_event and w.held_until is null and w.quantity <= event.max_tickets
        and (select u.status from public.users as u where u.id = w.user_id) = 'active'
    order by w.place
    limit 1;
    if not found then
        return;
    end if;
    update public.event_waiting set told_free = event.free
    where event_id = wanted_event and user_id = first.user_id and told_free < event.free;
    if found then
        perform public.notify_people(
            array[first.user_id], 'place_free',
            format(
                case event.free
                    when 1 then 'One place at “%1$s” is free, and you wait for %3$s. You may take it, or wait on.'
                    else '%2$s places at “%1$s” are free, and you wait for %3$s. You may take them, or wait on.'
                end,
                event.name, event.free, first.quantity
            ),
            null,
            jsonb_build_object('event_id', wanted_event, 'name', event.name, 'quantity', event.free, 'held_until', null)
        );
    end if;
end
$$;

-- Ends the holds of an event that have run out: their places are for the next who waits, and who did not take them is off the list.
-- Answers how many ended. Whoever has locked the event may ask at any time; nobody else is held up.
create or replace function release_holds(wanted_event uuid) returns integer
language plpgsql
set enable_seqscan = off
as $$
declare
    released integer;
    moment timestamptz;
begin
    perform from public.events where id = wanted_event for no key update;
    -- Looked at once: an index is asked for what is the same for every row.
    moment := clock_timestamp();
    delete from public.event_waiting where event_id = wanted_event and held_until <= moment;
    get diagnostics released = row_count;
    return released;
end
$$;
