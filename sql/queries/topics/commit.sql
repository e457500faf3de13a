-- topics/commit
-- See sql/functions/commit_records.sql.
select commit_records($1, $2, $3)
