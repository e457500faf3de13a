-- topics/list_kept
-- Topics that do not keep everything.
select name from topics where retention_days is not null or retention_records is not null order by name
