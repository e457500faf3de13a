-- posts/update
-- Changed by its owner ($4) alone, or, where that is null, by whoever may change any.
update posts
set title = $2, content = $3
where id = $1 and ($4::uuid is null or owner_id = $4)
returning id, owner_id, title, content, false as content_is_cut, comment_count, created_at, updated_at
