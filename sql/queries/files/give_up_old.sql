-- Uploads that no message has taken in a day; so many at once that posts which name one of them hardly wait.
update files
set state = 'orphaned'
where id in (
    select id
    from files
    where state <> 'attached' and state in ('arriving', 'loose') and created_at < now() - interval '24 hours'
    order by id
    limit $1
    for update skip locked
)
