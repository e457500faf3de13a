-- posts/delete
-- Deleted by its owner ($2) alone, or, where that is null, by whoever may delete any.
delete from posts where id = $1 and ($2::uuid is null or owner_id = $2)
