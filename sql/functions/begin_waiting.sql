-- Who begins to wait is at the end of the waiting list. Under the lock of the event, so that no two have the same place. Nothing is
-- sorted: the last place is read from its index, however long the list has grown since that was planned.
create or replace function begin_waiting() returns trigger
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
as $$
declare
    event record;
begin
    perform public.check_person(new.user_id, 'event_waiting_user_id_fkey', 'event_waiting');
    select event_time, max_tickets, max_tickets - tickets_sold - tickets_held as free into event
    from public.events where id = new.event_id for no key update;
    if not found then
        return new; -- the foreign key says so
    end if;
    if event.event_time <= clock_timestamp() then
        raise check_violation using
            message = 'the event has begun: nobody waits for it any more',
            constraint = 'event_waiting_started_check', table = 'event_waiting';
    end if;
    if new.quantity > event.max_tickets then
        raise check_violation using
            message = format('the event has %s places in all', event.max_tickets),
            constraint = 'event_waiting_size_check', table = 'event_waiting';
    end if;
    new.held_until := null;
    new.told_free := 0;
    -- Who is the first to wait knows what is free: they might have had it.
    if not exists (select from public.event_waiting where event_id = new.event_id and held_until is null) then
        new.told_free := greatest(0, event.free);
    end if;
    new.place := 1 + coalesce(
        greatest(
            (
                select place from public.event_waiting
                where event_id = new.event_id and held_until is null order by place desc limit 1
            ),
            (
                select place from public.event_waiting
                where event_id = new.event_id and held_until is not null order by place desc limit 1
            )
        ), 0
    );
    return new;
end
$$;

create or replace trigger event_waiting_begin
before insert on event_waiting
for each row when (not public.restoring())
execute function begin_waiting();

-- Where there is room, who has come is served at once.
create or replace function serve_waiting() returns trigger
language plpgsql as $$
begin
    perform public.offer_places(new.event_id);
    return null;
end
$$;

create or replace trigger event_waiting_serve
after insert on event_waiting
for each row when (not public.restoring())
execute function serve_waiting();

-- A place on the waiting list is not moved; only the end of a hold may be. The timers of the servers hear of it.
create or replace function keep_place() returns trigger
language plpgsql as $$
begin
    if (old.event_id, old.user_id, old.quantity, old.place) is distinct from (new.event_id, new.user_id, new.quantity, new.place)
        or ((old.held_until is null) <> (new.held_until is null) and coalesce(current_setting('trunkline.counting', true), '') <> 'on') then
        raise restrict_violation using
            message = 'a place on the waiting list is not changed; only the end of a hold may be moved',
            hint = 'DELETE the row, and INSERT another one.';
    end if;
    perform pg_notify('trunkline', 'e due');
    return new;
end
$$;

create or replace trigger event_waiting_keep
before update on event_waiting
for each row when (not public.restoring())
execute function keep_place();

-- Who gives up, or whose hold has run out, makes room for the next. Who takes a ticket does so within sell_ticket, which counts
-- for itself. An event that is being deleted has no waiting list.
create or replace function end_waiting() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if coalesce(current_setting('trunkline.taking', true), '') = 'on' then
        return null;
    end if;
    perform from public.events where id = old.event_id for no key update;
    if found then
        if old.held_until is not null then
            perform public.count_places(old.event_id, 0, -old.quantity);
        end if;
        perform public.offer_places(old.event_id);
    end if;
    return null;
end
$$;

create or replace trigger event_waiting_end
after delete on event_waiting
for each row when (
    not public.restoring() and coalesce(current_setting('trunkline.ending', true), '') <> old.event_id::text
)
execute function end_waiting();
