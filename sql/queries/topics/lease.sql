-- topics/lease
-- See sql/functions/lease_records.sql.
select record_offset, key, value, value_bytes, created_at from lease_records($1, $2, $3, $4, $5, $6)
