-- Reminds the owner and the holders of the next event whose time for that has come, once, however many ask at the same time.
-- Answers whether there was one. What has begun meanwhile is not reminded of.
create or replace function remind_event() returns boolean
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    event record;
    moment timestamptz := clock_timestamp();
begin
    select id, owner_id, name, event_time, timezone into event
    from public.events
    where remind_at <= moment
    order by remind_at
    limit 1
    for no key update skip locked;
    if not found then
        return false;
    end if;
    update public.events set remind_at = null where id = event.id;
    if event.event_time > clock_timestamp() then
        perform public.notify_soon(
            array(
                select holder_id from public.tickets where event_id = event.id and cancelled_at is null
                union
                select event.owner_id
            ),
            event.id, event.name, event.event_time, event.timezone
        );
    end if;
    return true;
end
$$;

-- Tells people that an event is about to begin.
create or replace function notify_soon(people uuid[], event_id uuid, name text, begins_at timestamptz, timezone text) returns void
language plpgsql as $$
begin
    perform public.notify_people(
        people, 'event_soon', format('“%s” begins at %s.', name, public.shown_time(begins_at, timezone)), null,
        jsonb_build_object('event_id', event_id, 'name', name, 'event_time', public.api_time(begins_at))
    );
end
$$;
