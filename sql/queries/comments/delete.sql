-- comments/delete
-- Deleted by who wrote it ($4) alone, or, where that is null, by whoever may delete any.
delete from comments
where id = $1 and event_id is not distinct from $2::uuid and post_id is not distinct from $3::uuid
    and ($4::uuid is null or owner_id = $4)
