-- events/count_of_owner
select count(*)
from events
where owner_id = $3
    and event_time >= coalesce($1::timestamptz, '-infinity') and event_time <= coalesce($2::timestamptz, 'infinity')
