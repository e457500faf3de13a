-- The next events ($1, $2), and what is wrong with the counts of each: it is counted, and then compared.
select
    events.id, events.name,
    (events.tickets_sold, events.tickets_held) is distinct from (counted.sold, counted.held) as is_wrong,
    events.tickets_sold, counted.sold, events.tickets_held, counted.held
from events
cross join lateral (
    select
        (
            select coalesce(sum(tickets.quantity), 0)::integer
            from tickets
            where tickets.event_id = events.id and tickets.cancelled_at is null
        ) as sold,
        (
            select coalesce(sum(event_waiting.quantity), 0)::integer
            from event_waiting
            where event_waiting.event_id = events.id and event_waiting.held_until is not null
        ) as held
) as counted
where events.id > $1
order by events.id
limit $2
