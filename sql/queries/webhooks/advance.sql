-- webhooks/advance
-- An entry was taken ($4), or is not wanted. Only by the job that has the webhook: who was thought dead says nothing more.
update webhooks
set delivered_seq = $3,
    failures = case when $4 then 0 else failures end,
    failed_at = case when $4 then null else failed_at end,
    last_error = case when $4 then null else last_error end
where id = $1 and job_id = $2 and delivered_seq < $3
