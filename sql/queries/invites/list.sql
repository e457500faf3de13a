-- The latest first. Those that have expired are as good as gone.
select id, max_uses, uses, expires_at, created_by, created_at
from invites
where chat_id = $1 and (expires_at is null or expires_at > now())
order by created_at desc, id desc
limit $2 offset $3
