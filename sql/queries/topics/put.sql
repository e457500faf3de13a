-- topics/put
insert into topics (name, retention_days, retention_records)
values ($1, $2, $3)
on conflict (name) do update set retention_days = excluded.retention_days, retention_records = excluded.retention_records
returning name, first_offset, last_offset, retention_days, retention_records, created_at
