-- What: transactions that have been open for more than a second, the longest first: whose, what they do or did last, what they
-- lock, and who waits for them. `select pg_cancel_backend(pid)` ends a statement, `select pg_terminate_backend(pid)` a session.
-- Role: one that may see what others do (pg_monitor, or pg_read_all_stats); another sees who, and that it may not see what.
-- Writes: nothing.
-- Locks: nothing.
select
    activity.pid, activity.application_name, activity.usename, activity.client_addr,
    coalesce(activity.state, 'not shown: needs pg_monitor') as state, now() - activity.xact_start as open_for,
    case when activity.state = 'idle in transaction' then now() - activity.state_change end as idle_for,
    array(
        select distinct locks.relation::regclass::text || ' ' || locks.mode
        from pg_locks as locks
        join pg_class on pg_class.oid = locks.relation and relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        where locks.pid = activity.pid and locks.granted and locks.mode <> 'AccessShareLock'
            and locks.database = (select oid from pg_database where datname = current_database())
        order by 1
    ) as locks,
    array(
        select waiting.pid
        from pg_stat_activity as waiting
        where activity.pid = any (pg_blocking_pids(waiting.pid))
    ) as waiting_pids,
    case when activity.query = '<insufficient privilege>' then 'not shown: needs pg_monitor' else left(activity.query, 120) end as query
from pg_stat_activity as activity
where activity.pid <> pg_backend_pid() and activity.usename is not null
    and (activity.xact_start < now() - interval '1 second' or (activity.state is null and activity.backend_type is null))
order by activity.xact_start nulls last;
