-- scheduled_messages/sweep
-- What was not sent a week ago, a piece at a time.
delete from scheduled_messages
where id in (
    select id
    from scheduled_messages
    where failed_at < now() - interval '7 days'
    order by failed_at
    limit 1000
    for update skip locked
)
