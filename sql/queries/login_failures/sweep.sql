-- Those older than a day, a piece at a time: no throttle looks back further.
delete from login_failures
where id in (
    select id from login_failures where at < now() - interval '1 day' order by at limit 1000 for update skip locked
)
