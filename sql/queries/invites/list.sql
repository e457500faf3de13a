-- invites/list
-- Those that have expired are as good as gone.
select id, max_uses, uses, expires_at, created_by, created_at
from invites
where chat_id = $1 and (expires_at is null or expires_at > now())
order by
    case when $2::text = 'created_at' then created_at when $2 = 'expires_at' then expires_at end,
    case when $2 = '-expires_at' then coalesce(expires_at, 'infinity') end desc,
    created_at desc, id desc
limit $3 offset $4
