-- jobs/sweep
-- What has been finished for a week, a piece at a time.
delete from jobs
where id in (
    select id
    from jobs
    where finished_at < now() - interval '7 days'
    order by finished_at
    limit 1000
    for update skip locked
)
