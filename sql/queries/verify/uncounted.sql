-- verify/uncounted
-- The next people who were notified, each with whether anything is counted of them. A walk from person to person along the key, not over
-- the notifications.
with recursive walk (recipient_id, n) as (
    (select recipient_id, 1 from notifications where recipient_id > $1 order by recipient_id limit 1)
    union all
    select
        (
            select notifications.recipient_id from notifications
            where notifications.recipient_id > walk.recipient_id
            order by notifications.recipient_id
            limit 1
        ),
        n + 1
    from walk
    where walk.recipient_id is not null and n < $2
)
select walk.recipient_id, notification_heads.user_id is not null as is_counted
from walk
left join notification_heads on notification_heads.user_id = walk.recipient_id
where walk.recipient_id is not null
order by walk.recipient_id
