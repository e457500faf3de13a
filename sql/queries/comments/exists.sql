-- comments/exists
select exists (
    select from comments where id = $1 and event_id is not distinct from $2::uuid and post_id is not distinct from $3::uuid
)
