-- topics/find
select name, first_offset, last_offset, retention_days, retention_records, created_at from topics where name = $1
