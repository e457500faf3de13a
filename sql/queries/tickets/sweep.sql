-- tickets/sweep
-- What was given back and no calendar tells of any more, a piece at a time. Where the calendar of the holder goes on with the event, the
-- latest change stays, so that its number does not fall.
delete from tickets
where id in (
    select id
    from tickets
    where cancelled_at < now() - interval '31 days'
        and not (
            not exists (
                select from tickets as later
                where later.holder_id = tickets.holder_id and later.event_id = tickets.event_id and later.sequence > tickets.sequence
            )
            and (
                exists (
                    select from tickets as held
                    where held.holder_id = tickets.holder_id and held.event_id = tickets.event_id and held.cancelled_at is null
                )
                or exists (select from events where events.id = tickets.event_id and events.owner_id = tickets.holder_id)
            )
        )
    order by cancelled_at
    limit 1000
    for update skip locked
)
