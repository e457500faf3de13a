-- webhooks/switch_off
-- It has failed too often.
update webhooks
set active = false, failures = failures + 1, failed_at = now(), last_error = left($3, 500)
where id = $1 and job_id = $2 and active
