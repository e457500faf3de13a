-- What an event keeps, whoever changes it: its owner, its chat, and its counts, which only count_places writes. A change of what a
-- calendar shows takes the next number of the sequence, and another time is reminded of anew.
create or replace function change_event() returns trigger
language plpgsql as $$
begin
    if (old.id, old.owner_id, old.with_chat) is distinct from (new.id, new.owner_id, new.with_chat)
        or old.chat_id is distinct from new.chat_id then
        raise restrict_violation using
            message = 'an event keeps its id, its owner and its chat',
            hint = 'Make another event.';
    end if;
    if (old.tickets_sold, old.tickets_held) is distinct from (new.tickets_sold, new.tickets_held)
        and coalesce(current_setting('trunkline.counting', true), '') <> 'on' then
        raise restrict_violation using
            message = 'the tickets of an event are counted, never set',
            hint = 'INSERT a ticket, or set cancelled_at of one.';
    end if;
    if old.timezone <> new.timezone then
        perform public.check_timezone(new.timezone);
    end if;
    new.sequence := old.sequence;
    if (old.name, old.event_time, old.timezone, old.description, old.duration_hours, old.duration_minutes)
        is distinct from (new.name, new.event_time, new.timezone, new.description, new.duration_hours, new.duration_minutes) then
        new.sequence := old.sequence + 1;
    end if;
    if new.sequence <> old.sequence or (old.max_tickets, old.remind_minutes) is distinct from (new.max_tickets, new.remind_minutes) then
        new.updated_at := now();
    end if;
    if old.event_time <> new.event_time
        or (old.remind_minutes <> new.remind_minutes and (old.remind_at is not null or old.remind_minutes = 0)) then
        new.remind_at := public.remind_time(new.event_time, new.remind_minutes);
    end if;
    if new.remind_at is distinct from old.remind_at and new.remind_at is not null then
        perform pg_notify('trunkline', 'e due');
    end if;
    return new;
end
$$;

create or replace trigger events_change
before update on events
for each row when (not public.restoring())
execute function change_event();

-- Who holds a ticket is notified of what has changed, and so is the owner where somebody else has changed it. The chat of the event
-- is told, too. No hold lasts beyond the start, and new places are for those who wait.
create or replace function tell_event_change() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    changed text[] := '{}';
    told text;
    actor uuid := nullif(current_setting('trunkline.actor', true), '')::uuid;
begin
    if new.sequence <> old.sequence then
        changed := array_remove(array[
            case when new.name <> old.name then 'name' end,
            case when new.event_time <> old.event_time then 'event_time' end,
            case when new.timezone <> old.timezone then 'timezone' end,
            case when new.description <> old.description then 'description' end,
            case when (new.duration_hours, new.duration_minutes) <> (old.duration_hours, old.duration_minutes) then 'duration' end
        ], null);
        told := case
            when new.event_time <> old.event_time then
                format('The event “%s” now begins at %s.', new.name, public.shown_time(new.event_time, new.timezone))
            when new.name <> old.name then format('The event “%s” is called “%s” now.', old.name, new.name)
            else format('The event “%s” has changed.', new.name)
        end;
        perform public.notify_people(
            array(
                select holder_id from public.tickets where event_id = new.id and cancelled_at is null
                union
                select new.owner_id where actor is not null
            ),
            'event_changed',
            -- Shown behind the name of whoever did it.
            case
                when actor is null then told
                when new.event_time <> old.event_time then
                    format('moved the event “%s” to %s', new.name, public.shown_time(new.event_time, new.timezone))
                when new.name <> old.name then format('renamed the event “%s” to “%s”', old.name, new.name)
                else format('changed the event “%s”', new.name)
            end,
            actor,
            jsonb_build_object(
                'event_id', new.id, 'name', new.name, 'event_time', public.api_time(new.event_time),
                'changed', to_jsonb(changed), 'deleted', false
            )
        );
        if new.chat_id is not null then
            if new.name <> old.name then
                update public.chats set title = new.name where id = new.chat_id;
            end if;
            insert into public.messages (chat_id, kind, content) values (new.chat_id, 'system', told);
        end if;
    end if;
    if new.event_time <> old.event_time then
        update public.event_waiting set held_until = new.event_time where event_id = new.id and held_until > new.event_time;
        perform public.release_holds(new.id);
    end if;
    if new.max_tickets < old.max_tickets then
        -- They can never be served, and so they wait no more; they may want to wait for less.
        perform public.notify_people(
            array(
                select user_id from public.event_waiting
                where event_id = new.id and held_until is null and quantity > new.max_tickets
            ),
            'event_changed',
            format('“%s” has %s places now: fewer than you waited for. You are off the waiting list.', new.name, new.max_tickets),
            null,
            jsonb_build_object(
                'event_id', new.id, 'name', new.name, 'event_time', public.api_time(new.event_time),
                'changed', '["max_tickets"]'::jsonb, 'deleted', false
            )
        );
        perform set_config('trunkline.taking', 'on', true);
        delete from public.event_waiting where event_id = new.id and held_until is null and quantity > new.max_tickets;
        perform set_config('trunkline.taking', '', true);
    end if;
    if new.event_time <> old.event_time or new.max_tickets <> old.max_tickets then
        perform public.offer_places(new.id);
    end if;
    return null;
end
$$;

create or replace trigger events_tell_change
after update of name, event_time, timezone, description, duration_hours, duration_minutes, max_tickets on events
for each row when (not public.restoring())
execute function tell_event_change();

-- A moment as the API writes it.
create or replace function api_time(moment timestamptz) returns text
language plpgsql stable as $$
begin
    return to_char(timezone('UTC', moment), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
end
$$;

-- A moment as people read it, in the time zone of an event.
create or replace function shown_time(moment timestamptz, zone text) returns text
language plpgsql stable as $$
begin
    return to_char(timezone(zone, moment), 'YYYY-MM-DD HH24:MI') || ' (' || zone || ')';
end
$$;
