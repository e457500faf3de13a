-- tickets/sweep
-- What was given back and no calendar tells of any more, a piece at a time.
delete from tickets
where id in (
    select id
    from tickets
    where cancelled_at < now() - interval '31 days'
    order by cancelled_at
    limit 1000
    for update skip locked
)
