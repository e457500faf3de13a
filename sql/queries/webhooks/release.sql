-- webhooks/release
update webhooks set job_id = null where id = $1 and job_id = $2
