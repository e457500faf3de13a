-- doctor/writes
-- Why this connection takes no writes, if it takes none.
select case
    when pg_is_in_recovery() then 'this is a standby'
    when current_setting('transaction_read_only') = 'on' then 'its sessions are read-only (default_transaction_read_only)'
end
