-- What: how large each table is, how much of it is dead, when it was last vacuumed and analyzed, and how many of its updates
-- needed no index (HOT: nearly all of chats and members should). Dead versions that stay, although autovacuum was there, are
-- held by an old snapshot: ops/old_snapshots.sql. An index much larger than its table is made anew by `reindex concurrently`.
-- Role: anybody.
-- Writes: nothing.
-- Locks: nothing.
select
    relname as name, pg_size_pretty(pg_total_relation_size(relid)) as size, pg_size_pretty(pg_relation_size(relid)) as rows,
    pg_size_pretty(pg_indexes_size(relid)) as indexes, n_live_tup as live, n_dead_tup as dead,
    round(100.0 * n_dead_tup / nullif(n_live_tup + n_dead_tup, 0), 1) as dead_percent,
    round(100.0 * n_tup_hot_upd / nullif(n_tup_upd, 0), 1) as hot_percent, n_tup_ins as inserted, n_tup_upd as updated,
    n_tup_del as deleted, coalesce(last_autovacuum, last_vacuum) as vacuumed_at, coalesce(last_autoanalyze, last_analyze) as analyzed_at
from pg_stat_user_tables
where schemaname = 'public'
order by pg_total_relation_size(relid) desc;
