-- jobs/finish
-- See sql/functions/finish_jobs.sql.
select job_id as id, job_status as status from finish_jobs($1, $2, $3, $4, $5, $6)
