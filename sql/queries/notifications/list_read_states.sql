-- notifications/list_read_states
-- Up to which number these people have read all there is, and how many are left, where 1,000 is that or more.
select
    notification_heads.user_id, least(notification_heads.unread, 1000) as unread_count,
    coalesce(oldest.seq - 1, notification_heads.last_seq) as up_to_seq
from notification_heads
left join lateral (
    select notifications.seq
    from notifications
    where notifications.recipient_id = notification_heads.user_id and notifications.read_at is null
    order by notifications.seq
    limit 1
) as oldest on true
where notification_heads.user_id = any ($1)
