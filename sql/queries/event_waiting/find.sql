-- event_waiting/find
-- Somebody's place on the waiting list.
select
    user_id, quantity, held_until, created_at,
    case
        when held_until is not null then 0
        else (
            select count(*)
            from event_waiting as before
            where before.event_id = event_waiting.event_id and before.held_until is null and before.place <= event_waiting.place
        )
    end as position
from event_waiting
where event_id = $1 and user_id = $2
