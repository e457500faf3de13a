-- push_queue/sweep_jobs
-- What was sent an hour ago is not looked for among the jobs any more, a piece at a time.
delete from jobs
where id in (
    select id
    from jobs
    where task = 'send_push' and finished_at < now() - interval '1 hour'
    order by finished_at
    limit 1000
    for update skip locked
)
