-- files/give_up_old
-- Uploads that no message has taken in a day, and none that waits for its time will take; so many at once that posts which name one of them hardly wait.
update files
set state = 'orphaned'
where id in (
    select id
    from files
    where state <> 'attached' and state in ('arriving', 'loose') and created_at < now() - interval '24 hours'
        and (
            select true
            from scheduled_messages as waiting
            where waiting.user_id = files.owner_id and waiting.failed_at is null and files.id = any (waiting.attachments)
            limit 1
        ) is null
    order by id
    limit $1
    for update skip locked
)
