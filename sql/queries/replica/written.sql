-- replica/written
-- How far the primary has written its WAL.
select pg_current_wal_insert_lsn()::text
