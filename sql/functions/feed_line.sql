-- Gives the free places of an event to those who wait, the first in line first, as holds of a day that end at the start at the
-- latest. The line is strict: where the first wants more than is free, nobody behind them is served. Who wants more than the event
-- has at all can never be served, and is passed over until it has more. Whoever calls it has locked the event; once it has begun
-- there are no holds.
create or replace function feed_line(wanted_event uuid) returns void
language plpgsql
set enable_seqscan = off
as $$
declare
    event record;
    free integer;
    first record;
    ends timestamptz;
    counting_before text := coalesce(current_setting('trunkline.counting', true), '');
begin
    select name, event_time, max_tickets, max_tickets - tickets_sold - tickets_held as free into event
    from public.events where id = wanted_event for no key update;
    if not found or event.event_time <= clock_timestamp() then
        return;
    end if;
    free := event.free;
    while free > 0 loop
        select user_id, quantity into first
        from public.event_waiting
        where event_id = wanted_event and held_until is null and quantity <= event.max_tickets
        order by place
        limit 1;
        exit when not found or first.quantity > free;
        ends := least(clock_timestamp() + make_interval(hours => 24), event.event_time);
        perform set_config('trunkline.counting', 'on', true);
        update public.event_waiting set held_until = ends where event_id = wanted_event and user_id = first.user_id;
        perform set_config('trunkline.counting', counting_before, true);
        perform public.count_places(wanted_event, 0, first.quantity);
        free := free - first.quantity;
        perform public.notify_people(
            array[first.user_id], 'place_free',
            format(
                case first.quantity when 1 then 'A place at “%s” is held for you.' else '%2$s places at “%1$s” are held for you.' end,
                event.name, first.quantity
            ),
            null,
            jsonb_build_object('event_id', wanted_event, 'name', event.name, 'quantity', first.quantity, 'held_until', public.api_time(ends))
        );
        perform pg_notify('trunkline', 'e due');
    end loop;
end
$$;

-- Ends the holds of an event that have run out: their places are for the next in line, and who did not take them is out of it.
-- Answers how many ended. Whoever has locked the event may ask at any time; nobody else is held up.
create or replace function release_holds(wanted_event uuid) returns integer
language plpgsql
set enable_seqscan = off
as $$
declare
    released integer;
begin
    perform from public.events where id = wanted_event for no key update;
    delete from public.event_waiting where event_id = wanted_event and held_until <= clock_timestamp();
    get diagnostics released = row_count;
    return released;
end
$$;
