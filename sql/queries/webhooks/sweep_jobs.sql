-- webhooks/sweep_jobs
-- What was sent an hour ago is not looked for among the jobs any more, a piece at a time.
delete from only finished_jobs
where id in (
    select id
    from only finished_jobs
    where task = 'deliver_webhook' and finished_at < now() - interval '1 hour'
    order by finished_at
    limit 1000
    for update skip locked
)
