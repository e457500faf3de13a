-- calendars/find
-- One event as the calendar of somebody ($2) has it: with each ticket that they buy or give back it has another number there.
select
    events.id, events.name, events.description, events.event_time, events.timezone,
    events.duration_hours * 60 + events.duration_minutes as minutes, events.owner_id, owner.name as owner_name,
    least(2147483647, events.sequence::bigint + coalesce(theirs.number, 0))::integer as sequence,
    greatest(events.updated_at, theirs.changed_at) as changed_at,
    false as is_cancelled
from events
left join users as owner on owner.id = events.owner_id and owner.erased_at is null
cross join lateral (
    select
        max(coalesce(
            tickets.sequence,
            calendar_sequence(0, cancelled_at is not null, coalesce(cancelled_at, tickets.created_at), events.created_at)
        )) as number,
        max(coalesce(cancelled_at, tickets.created_at)) as changed_at
    from tickets
    where event_id = events.id and holder_id = $2
) as theirs
where events.id = $1
