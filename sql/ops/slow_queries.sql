-- What: which statements take the time of the server, by their names: each begins with `-- folder/name`, the file in
-- sql/queries/. (PostgreSQL 18 leaves that out here; the beginning of the statement stands for it.) Needs the extension pg_stat_statements (shared_preload_libraries, then `create extension pg_stat_statements`).
-- Role: one that may see what others do (pg_monitor, or pg_read_all_stats); another sees its own statements alone.
-- Writes: nothing. `select pg_stat_statements_reset()` begins to count anew.
-- Locks: nothing.
select exists (select from pg_extension where extname = 'pg_stat_statements')
    and current_setting('pg_stat_statements.track', true) is not null as counts
\gset
\if :counts
select
    coalesce(substring(query from '^-- ([a-z_]+(/[a-z_]+)?)\n'), left(regexp_replace(query, '\s+', ' ', 'g'), 60)) as statement,
    calls, round(total_exec_time::numeric) as total_ms, round(mean_exec_time::numeric, 2) as mean_ms,
    round(max_exec_time::numeric, 1) as max_ms, rows,
    round(100 * shared_blks_hit / nullif(shared_blks_hit + shared_blks_read, 0)::numeric, 1) as cached_percent,
    round(wal_bytes / nullif(calls, 0)) as wal_bytes_each
from pg_stat_statements
where dbid = (select oid from pg_database where datname = current_database())
order by total_exec_time desc
limit 50;
\else
\warn 'nothing is counted: put pg_stat_statements into shared_preload_libraries, restart, and create extension pg_stat_statements'
\endif
