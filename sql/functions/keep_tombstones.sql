-- A deleted event is shown as cancelled for a while in the calendars of its owner and of who held tickets. What came out of them 30 days ago
-- stays out. Each calendar counts on from the number that it has shown last (sql/queries/calendars/list.sql).
create or replace function keep_tombstones() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    insert into public.calendar_tombstones (user_id, event_id, name, event_time, timezone, duration_minutes, sequence)
    select
        theirs.user_id, old.id, old.name, old.event_time, old.timezone,
        coalesce(old.duration_hours, 0) * 60 + coalesce(old.duration_minutes, 0),
        least(2147483647, old.sequence::bigint + 1 + theirs.number)
    from (
        select user_id, max(number) as number
        from (
            select old.owner_id as user_id, 0 as number, true as is_shown
            union all
            select
                holder_id,
                coalesce(
                    sequence,
                    public.calendar_sequence(0, cancelled_at is not null, coalesce(cancelled_at, created_at), old.created_at)
                ),
                coalesce(cancelled_at > now() - make_interval(days => 30), true)
            from public.tickets
            where event_id = old.id
        ) as each
        group by user_id
        having bool_or(is_shown)
    ) as theirs
    join public.users on users.id = theirs.user_id and users.erased_at is null
    on conflict (user_id, event_id) do update set sequence = excluded.sequence, deleted_at = now();
    return old;
end
$$;

create or replace trigger events_keep_tombstones
before delete on events
for each row
execute function keep_tombstones();

-- The number of the next change of somebody's tickets of an event in their calendar: greater than any before, two in one second as well,
-- and no less than the time says, because tickets that were given back do not stay for ever.
create or replace function ticket_sequence(wanted_event uuid, holder uuid) returns integer
language plpgsql
set enable_seqscan = off
as $$
declare
    made_at timestamptz;
    latest bigint;
begin
    select created_at into made_at from public.events where id = wanted_event;
    select max(coalesce(
        t.sequence, public.calendar_sequence(0, t.cancelled_at is not null, coalesce(t.cancelled_at, t.created_at), made_at)
    ))
    into latest
    from public.tickets as t
    where t.holder_id = holder and t.event_id = wanted_event;
    return least(
        2147483647, greatest(public.calendar_sequence(0, false, clock_timestamp(), made_at), coalesce(latest + 1, 0))
    );
end
$$;

-- What a change of a ticket counts by its time: that of an event which was made at made_at. Older versions of the program, which may run
-- beside, ask it for the number of the event, too.
create or replace function calendar_sequence(sequence integer, is_given_back boolean, changed_at timestamptz, made_at timestamptz)
returns integer
language plpgsql immutable parallel safe
as $$
declare
    seconds numeric := 0;
begin
    if changed_at is null then
        return sequence;
    end if;
    if isfinite(changed_at) and isfinite(made_at) then
        seconds := greatest(0, trunc(extract(epoch from changed_at - made_at)));
    end if;
    return least(2147483647::numeric, sequence::numeric + 1 + is_given_back::integer + 2 * seconds)::integer;
end
$$;
