-- notifications/list
-- Somebody's notifications, the newest first: all, the unread ($3), those of a kind ($2), or both. Each of the four has an index
-- of its own; the three that are not asked for are not looked at. Senders are looked up one by one, however many may be wanted.
select
    page.id, page.kind, page.message, page.sender_id, sender.name as sender_name, page.data, page.created_at, page.read_at
from (
    (
        select * from notifications
        where $2::text is null and not $3 and recipient_id = $1 and seq is not null
        order by seq desc
        limit $4 offset $5
    )
    union all
    (
        select * from notifications
        where $2 is null and $3 and recipient_id = $1 and seq is not null and read_at is null
        order by seq desc
        limit $4 offset $5
    )
    union all
    (
        select * from notifications
        where not $3 and recipient_id = $1 and kind = $2 and seq is not null
        order by seq desc
        limit $4 offset $5
    )
    union all
    (
        select * from notifications
        where $3 and recipient_id = $1 and kind = $2 and seq is not null and read_at is null
        order by seq desc
        limit $4 offset $5
    )
) as page
left join lateral (
    select users.name from users where users.id = page.sender_id and users.erased_at is null limit 1
) as sender on true
order by page.seq desc
