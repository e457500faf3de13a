-- jobs/sweep
-- What has been finished for a week, a piece at a time.
delete from only finished_jobs
where id in (
    select id
    from only finished_jobs
    where finished_at < now() - interval '7 days'
    order by finished_at
    limit 1000
    for update skip locked
)
