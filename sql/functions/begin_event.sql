-- A new event has sold nothing, and has its chat from the beginning, if it is to have one: its owner is the creator. The time
-- zone must be one that the database knows, and the owner somebody who is there.
create or replace function begin_event() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    perform public.check_person(new.owner_id, 'events_owner_id_fkey', 'events');
    perform public.check_timezone(new.timezone);
    new.tickets_sold := 0;
    new.tickets_held := 0;
    new.sequence := 0;
    new.remind_at := public.remind_time(new.event_time, new.remind_minutes);
    new.chat_id := null;
    if new.with_chat then
        insert into public.chats (title, visibility, owner_id) values (new.name, 'private', new.owner_id)
        returning id into new.chat_id;
        insert into public.members (chat_id, user_id, role) values (new.chat_id, new.owner_id, 'creator');
    end if;
    if new.remind_at is not null then
        perform pg_notify('trunkline', 'e due');
    end if;
    return new;
end
$$;

create or replace trigger events_begin
before insert on events
for each row when (not public.restoring())
execute function begin_event();

-- When people are to be reminded of an event: null for never, and for one that has begun. Where that time is past it is at once.
create or replace function remind_time(begins timestamptz, minutes integer) returns timestamptz
language plpgsql stable as $$
begin
    if minutes = 0 or begins <= clock_timestamp() then
        return null;
    end if;
    return begins - make_interval(mins => minutes);
end
$$;

-- Refuses what is no name of a time zone. PostgreSQL takes abbreviations and formulas for one as well, whose offset nobody
-- expects: a name without a part before a slash must be in the list.
create or replace function check_timezone(name text) returns void
language plpgsql stable as $$
begin
    if name = 'UTC' then
        return;
    end if;
    begin
        if name ~ '^[A-Za-z][A-Za-z0-9_+/-]{1,63}$' then
            perform timezone(name, now());
            if position('/' in name) > 0 or exists (select from pg_catalog.pg_timezone_names as known where known.name = check_timezone.name) then
                return;
            end if;
        end if;
    exception when invalid_parameter_value then
        null; -- there is no such zone
    end;
    raise check_violation using
        message = format('%L is no name of a time zone', name),
        constraint = 'events_timezone_check', table = 'events';
end
$$;
