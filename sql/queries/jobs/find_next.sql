-- jobs/find_next
-- See sql/functions/next_job.sql.
select next_run_at as run_at, next_id as id, seconds from next_job($1, $2)
