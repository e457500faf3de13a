-- comments/lock_place
-- The same; whoever deletes a comment holds what it is on first, as whoever deletes that does.
with event as (
    select owner_id from events where id = $1 for no key update
),
post as (
    select owner_id from posts where id = $2 for no key update
)
select owner_id from event
union all
select owner_id from post
