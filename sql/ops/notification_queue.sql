-- What: how full the queue of notifications is (1 is full, and then every post fails), and the longest transaction of a
-- listener, which is what fills it.
-- Writes: nothing.
-- Locks: nothing.
select
    round(pg_notification_queue_usage()::numeric, 6) as queue_usage,
    (select count(*) from pg_stat_activity where application_name = 'trunkline listener') as listeners,
    (
        select max(now() - xact_start)
        from pg_stat_activity
        where application_name = 'trunkline listener'
    ) as longest_listener_transaction;
