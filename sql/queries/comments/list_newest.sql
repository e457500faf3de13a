-- comments/list_newest
-- The newest first: one walk along comments_on_id_idx.
select id, event_id, post_id, owner_id, content, created_at
from comments
where on_id = $1 and (event_id is not null) = $2
    and created_at >= coalesce($3::timestamptz, '-infinity') and created_at <= coalesce($4::timestamptz, 'infinity')
order by created_at desc, id desc
limit $5 offset $6
