-- What: the instances that listen for bells, since when, and from where. None: nobody hears anything live.
-- Writes: nothing.
-- Locks: nothing.
select pid, application_name, client_addr, backend_start, state, state_change
from pg_stat_activity
where datname = current_database() and application_name = 'trunkline listener'
order by backend_start;
