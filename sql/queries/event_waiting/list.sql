-- event_waiting/list
-- The waiting list of an event, all of it or one person's place ($2). Who has a hold waits no more.
select user_id, quantity, held_until, created_at, case when held_until is null then position else 0 end as position
from (
    select
        user_id, quantity, held_until, created_at, place,
        count(*) filter (where held_until is null) over (order by place) as position
    from event_waiting
    where event_id = $1
) as line
where $2::uuid is null or user_id = $2
order by place
limit $3 offset $4
