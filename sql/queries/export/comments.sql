-- export/comments
select id, event_id, post_id, owner_id, content, created_at
from comments
where owner_id = $1
    -- What they were on may be gone a moment before they are.
    and (exists (select from posts where posts.id = post_id) or exists (select from events where events.id = event_id))
order by created_at, id
