-- How many transactions ago the oldest snapshot was taken that somebody still holds: a session, a prepared transaction, or
-- a replication slot. Any role may know this much.
select greatest(
    (select max(age(coalesce(backend_xmin, backend_xid))) from pg_stat_activity where datname = current_database()),
    (select max(age(transaction)) from pg_prepared_xacts where database = current_database()),
    (select max(greatest(age(xmin), age(catalog_xmin))) from pg_replication_slots),
    0
)::bigint
