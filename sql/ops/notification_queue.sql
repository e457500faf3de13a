-- What: how full the queue of notifications is (1 is full, and then every post fails), and the longest transaction of a
-- listener, which is what fills it.
-- Role: one that may see what others do (pg_monitor, or pg_read_all_stats); another is told so in place of the transaction.
-- Writes: nothing.
-- Locks: nothing.
select
    round(pg_notification_queue_usage()::numeric, 6) as queue_usage,
    count(*) as listeners,
    case
        when count(*) filter (where state is null) > 0 then 'not shown: needs pg_monitor'
        else coalesce(max(now() - xact_start)::text, 'none')
    end as longest_listener_transaction
from pg_stat_activity
where application_name like 'trunkline listener%';
