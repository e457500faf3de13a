-- backup/begin
-- What is read from here on is one moment, the dump of the database included, which is given the name of this snapshot.
select
    pg_export_snapshot() as snapshot,
    current_setting('server_version_num')::integer / 10000 as major,
    pg_is_in_recovery() as is_replica,
    (select max(version) from refinery_schema_history) as migration,
    (
        select nspname::text
        from pg_extension
        join pg_namespace on pg_namespace.oid = extnamespace
        where extname = 'pg_trgm'
    ) as pg_trgm_schema
