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
        public.calendar_sequence(old.sequence + 1, theirs.is_given_back, theirs.changed_at, old.created_at)
    from (
        select user_id, not bool_or(is_good) as is_given_back, max(changed_at) as changed_at
        from (
            select old.owner_id as user_id, null::boolean as is_good, null::timestamptz as changed_at, true as is_shown
            union all
            select
                holder_id, cancelled_at is null, coalesce(cancelled_at, created_at),
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

-- The number of an event in the calendar of somebody: it grows with each change of the event, and with each ticket that they buy or give
-- back, of which changed_at is the last one. It counts by its time, because tickets that were given back do not stay for ever.
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
