-- replica/has_replayed
-- Whether this is still a replica, and has everything that the primary had written at this place of its WAL.
select pg_is_in_recovery(), coalesce(pg_last_wal_replay_lsn() >= $1::text::pg_lsn, false)
