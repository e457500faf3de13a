-- What: who holds an old snapshot, the oldest first: a pg_dump, a long report, a forgotten transaction, a prepared one, a
-- replication slot, a standby. As long as it is held no dead version of a row is removed, and a busy chat, whose counters
-- are one row, gets slower with every post. `held` is how many transactions began since.
-- Role: one that may see what others do (pg_monitor, or pg_read_all_stats); another sees age and pid, not what is done there.
-- Writes: nothing.
-- Locks: nothing.
select
    greatest(age(backend_xmin), age(backend_xid)) as held, 'session' as holder, pid::text as name, usename::text as role,
    application_name as program, now() - xact_start as since,
    case when query = '<insufficient privilege>' then 'not shown: needs pg_monitor' else left(query, 80) end as doing
from pg_stat_activity
where (backend_xmin is not null or backend_xid is not null) and pid <> pg_backend_pid()
union all
select age(transaction), 'prepared transaction', gid, owner::text, null, now() - prepared, 'rollback prepared or commit prepared ends it'
from pg_prepared_xacts
union all
select
    greatest(age(xmin), age(catalog_xmin)), 'replication slot', slot_name::text, null, null, null,
    case when active then 'in use' else 'nobody reads it: pg_drop_replication_slot ends it' end
from pg_replication_slots
where xmin is not null or catalog_xmin is not null
union all
select age(backend_xmin), 'standby with hot_standby_feedback', pid::text, usename::text, application_name, now() - backend_start, state
from pg_stat_replication
where backend_xmin is not null
order by held desc nulls last;
