-- verify/events
-- The next events after $1, and how many places of each are sold and held by its tickets and its waiting list; whether somebody
-- waits there for whom there is a place; and how many comments it has.
select
    events.id, events.name, events.tickets_sold, events.tickets_held, counted.sold, counted.held, events.comment_count,
    (select count(*) from comments where comments.on_id = events.id)::integer as comments,
    events.event_time > now() and coalesce(
        (
            select first.quantity <= events.max_tickets - counted.sold - counted.held
            from event_waiting as first
            where first.event_id = events.id and first.held_until is null and first.quantity <= events.max_tickets
                and (select users.status from users where users.id = first.user_id) = 'active'
            order by first.place
            limit 1
        ),
        false
    ) as waits_in_vain
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
