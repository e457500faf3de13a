-- export/notifications
select
    notifications.id, notifications.kind, notifications.message, notifications.sender_id, sender.name as sender_name,
    notifications.data, notifications.created_at, notifications.read_at
from notifications
left join lateral (
    select users.name from users where users.id = notifications.sender_id and users.erased_at is null limit 1
) as sender on true
where notifications.recipient_id = $1
order by notifications.seq
