-- What: how the database is, in one table: what was looked at, its value, and from where on it needs somebody (`look at` names
-- the file or command that says more). `ok` is false for what needs somebody now.
-- Role: one that may see what others do (pg_monitor, or pg_read_all_stats), and may read chats and jobs; the owner of the
-- tables sees all but what other roles do.
-- Writes: nothing.
-- Locks: nothing.
with seen as (
    select 'listeners' as what, count(*)::numeric as value, 1::numeric as limit_, '<' as fails, 'ops/listeners.sql' as look_at
    from pg_stat_activity
    where datname = current_database() and application_name like 'trunkline listener%'
    union all
    select 'notification queue, of 1', round(pg_notification_queue_usage()::numeric, 4), 0.5, '>', 'ops/notification_queue.sql'
    union all
    select
        'connections of the server, of 1',
        round(count(*)::numeric / (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int), 3),
        0.9, '>', 'pg_stat_activity'
    from pg_stat_activity
    where backend_type = 'client backend'
    union all
    select 'seconds of the longest transaction', coalesce(round(extract(epoch from max(now() - xact_start)), 1), 0), 60, '>', 'ops/long_transactions.sql'
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
    union all
    select 'transactions since the oldest snapshot', coalesce(max(greatest(age(backend_xmin), age(backend_xid))), 0), 1000000, '>', 'ops/old_snapshots.sql'
    from pg_stat_activity
    where pid <> pg_backend_pid()
    union all
    select 'prepared transactions', count(*), 0, '>', 'ops/old_snapshots.sql' from pg_prepared_xacts
    union all
    select 'sessions that wait for a lock', count(*), 10, '>', 'ops/chat_holders.sql'
    from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'
    union all
    select 'transaction numbers used, of 1', round(greatest(age(datfrozenxid), mxid_age(datminmxid)) / 2000000000.0, 3), 0.5, '>', 'vacuum freeze'
    from pg_database
    where datname = current_database()
    union all
    select 'bytes behind of the slowest standby', coalesce(max(pg_wal_lsn_diff(sent_lsn, replay_lsn)), 0), 268435456, '>', 'pg_stat_replication'
    from pg_stat_replication
    union all
    select 'dead versions of a row in chats, of 1', coalesce(round(n_dead_tup::numeric / nullif(n_live_tup + n_dead_tup, 0), 2), 0), 0.9, '>', 'ops/bloat.sql'
    from pg_stat_user_tables
    where relid = 'public.chats'::regclass
    union all
    select 'jobs that are a minute late', count(*), 0, '>', 'ops/stuck_jobs.sql'
    from public.jobs
    where status = 'queued' and run_at < now() - interval '1 minute'
    union all
    select 'deleted chats that are not removed for an hour', count(*), 0, '>', 'ops/stuck_jobs.sql'
    from public.ended_chats
    where ended_at < now() - interval '1 hour'
    union all
    select 'webhooks that fail', count(*), 0, '>', 'sql/README.md, "See which webhooks fail"'
    from public.webhooks
    where failures > 0
)
select
    what, value, fails || ' ' || limit_ as needs_somebody,
    case fails when '<' then value >= limit_ else value <= limit_ end as ok, look_at as "look at"
from seen
order by ok, what;
