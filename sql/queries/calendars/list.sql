-- calendars/list
-- What somebody owns or holds a ticket for; for 30 days also what they have given back, and what was deleted. The thousand events that are
-- nearest to now, those of a year ago at most. Each buying
-- and each giving back of a ticket counts in the number, so that it grows.
with theirs as (
    select
        event_id, bool_or(is_active) as is_active, max(changed_at) as changed_at,
        max(sequence) as number, max(changed_at) filter (where is_ticket and sequence is null and is_active) as bought_at,
        max(changed_at) filter (where is_ticket and sequence is null and not is_active) as given_back_at
    from (
        select id as event_id, true as is_active, created_at as changed_at, false as is_ticket, 0 as sequence
        from events
        where owner_id = $1
        union all
        select event_id, cancelled_at is null, coalesce(cancelled_at, created_at), true, sequence
        from tickets
        where holder_id = $1
    ) as each
    group by event_id
),
shown as (
    select
        events.id, events.name, events.description, events.event_time, events.timezone,
        events.duration_hours * 60 + events.duration_minutes as minutes, events.owner_id, owner.name as owner_name,
        least(2147483647, events.sequence::bigint + greatest(
            theirs.number, calendar_sequence(0, false, theirs.bought_at, events.created_at),
            calendar_sequence(0, true, theirs.given_back_at, events.created_at)
        ))::integer as sequence,
        greatest(events.updated_at, theirs.changed_at) as changed_at,
        not theirs.is_active as is_cancelled
    from theirs
    cross join lateral (
        select
            id, name, description, event_time, timezone, duration_hours, duration_minutes, owner_id, sequence,
            created_at, updated_at
        from events
        where events.id = theirs.event_id
        limit 1
    ) as events
    left join users as owner on owner.id = events.owner_id and owner.erased_at is null
    where theirs.is_active or theirs.changed_at > now() - interval '30 days'
    union all
    select
        event_id, name, '', event_time, timezone, duration_minutes, null::uuid, null::text, sequence, deleted_at, true
    from calendar_tombstones
    where user_id = $1 and deleted_at > now() - interval '30 days'
)
select
    id, name, description, event_time, timezone, minutes, owner_id, owner_name, sequence, changed_at, is_cancelled
from shown
where event_time > now() - interval '1 year'
order by abs(extract(epoch from event_time - now())), id
limit 1000
