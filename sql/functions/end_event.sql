-- Who holds a ticket of an event that is deleted is notified, unless it is over anyway; `audit` notes it. Before the row goes:
-- afterwards nobody knows any more who they were.
create or replace function end_event() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    actor uuid := nullif(current_setting('trunkline.actor', true), '')::uuid;
begin
    perform public.write_audit(
        'event_deleted', old.id::text, jsonb_build_object('name', old.name, 'tickets_sold', old.tickets_sold)
    );
    if old.event_time + make_interval(hours => old.duration_hours, mins => old.duration_minutes) > clock_timestamp() then
        perform public.notify_people(
            array(
                select holder_id from public.tickets where event_id = old.id and cancelled_at is null
                union
                select user_id from public.event_waiting where event_id = old.id
                union
                select old.owner_id where actor is not null
            ),
            'event_changed',
            format(case when actor is null then 'The event “%s” was cancelled.' else 'cancelled the event “%s”' end, old.name),
            actor,
            jsonb_build_object(
                'event_id', old.id, 'name', old.name, 'event_time', public.api_time(old.event_time), 'changed', '[]'::jsonb, 'deleted', true
            )
        );
    end if;
    -- What hangs on it goes in the same statement, and each row of that need not look for its event (return_ticket.sql).
    perform set_config('trunkline.ending', old.id::text, true);
    return old;
end
$$;

create or replace trigger events_end
before delete on events
for each row when (not public.restoring())
execute function end_event();

-- The chat of an event ends with it.
create or replace function end_event_chat() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    delete from public.chats where id = old.chat_id;
    return null;
end
$$;

create or replace trigger events_end_chat
after delete on events
for each row when (old.chat_id is not null and not public.restoring())
execute function end_event_chat();
