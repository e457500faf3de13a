-- tickets/find_check_in
-- Who came in with it, and when.
select tickets.id, tickets.holder_id, users.name as holder_name, tickets.quantity, tickets.checked_in_at, tickets.checked_in_by
from tickets
join users on users.id = tickets.holder_id
where tickets.id = $2 and tickets.event_id = $1 and tickets.cancelled_at is null and tickets.checked_in_at is not null
