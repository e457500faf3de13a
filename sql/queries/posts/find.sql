-- posts/find
select id, owner_id, title, content, false as content_is_cut, comment_count, created_at, updated_at from posts where id = $1
