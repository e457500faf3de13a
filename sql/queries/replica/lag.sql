-- replica/lag
-- How many seconds this replica is behind at most: the age of the last transaction it has, or nothing where it has all that it
-- was sent. Null where it is no replica.
select case
    when not pg_is_in_recovery() then null
    when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0
    else extract(epoch from now() - pg_last_xact_replay_timestamp())
end::float8
