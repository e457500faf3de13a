-- oldest_snapshot
-- How many transactions ago the oldest snapshot was taken that somebody still holds: a session, a prepared transaction, a
-- replication slot, or a standby, whose session is in no database. Any role may know this much.
select greatest(
    (
        select max(greatest(age(backend_xmin), age(backend_xid)))
        from pg_stat_activity
        where datname = current_database() or datname is null
    ),
    (select max(age(transaction)) from pg_prepared_xacts where database = current_database()),
    (select max(greatest(age(xmin), age(catalog_xmin))) from pg_replication_slots),
    0
)::bigint
