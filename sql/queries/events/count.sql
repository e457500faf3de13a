-- events/count
select count(*)
from events
where event_time >= coalesce($1::timestamptz, '-infinity') and event_time <= coalesce($2::timestamptz, 'infinity')
