-- timeline
select
    (select system_identifier from pg_control_system()) as system,
    case when pg_is_in_recovery() then null else substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) end as timeline
