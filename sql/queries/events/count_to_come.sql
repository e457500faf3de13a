-- events/count_to_come
-- How many events of somebody are still to come.
select count(*) from events where owner_id = $1 and event_time > now()
