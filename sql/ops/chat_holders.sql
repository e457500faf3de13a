-- What: open transactions that write to chats or messages, the oldest first, and who waits for them. Posts to the chats
-- they hold wait up to 5 seconds and then fail. `select pg_terminate_backend(pid)` ends one.
-- Role: one that may see what others do (pg_monitor, or pg_read_all_stats); another sees who, and that it may not see what.
-- Writes: nothing.
-- Locks: nothing.
select
    activity.pid, activity.application_name, activity.usename,
    coalesce(activity.state, 'not shown: needs pg_monitor') as state, now() - activity.xact_start as open_for,
    array(
        select waiting.pid
        from pg_stat_activity as waiting
        where activity.pid = any (pg_blocking_pids(waiting.pid))
    ) as waiting_pids,
    left(activity.query, 80) as query
from pg_stat_activity as activity
where activity.pid in (
    select locks.pid
    from pg_locks as locks
    where locks.relation in ('public.chats'::regclass, 'public.messages'::regclass)
        and locks.mode in ('RowShareLock', 'RowExclusiveLock') and locks.granted
)
    and activity.pid <> pg_backend_pid()
order by activity.xact_start;
