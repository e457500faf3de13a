-- What: the instances that listen for notifications, since when, and from where. None: nothing is sent live.
-- Role: one that may see what others do (pg_monitor, or pg_read_all_stats); another sees that they are there, not since when.
-- Writes: nothing.
-- Locks: nothing.
select
    pid, application_name, usename, client_addr, backend_start,
    coalesce(state, 'not shown: needs pg_monitor') as state, state_change
from pg_stat_activity
where datname = current_database() and application_name like 'trunkline listener%'
order by backend_start;
