-- restore/place
-- The major version of this server, whether it takes writes, where pg_trgm is, and whether the schema $1 is there.
select
    current_setting('server_version_num')::integer / 10000 as major,
    pg_is_in_recovery() as is_replica,
    (
        select nspname::text
        from pg_extension
        join pg_namespace on pg_namespace.oid = extnamespace
        where extname = 'pg_trgm'
    ) as pg_trgm_schema,
    exists (select from pg_namespace where nspname = $1::text) as has_schema
