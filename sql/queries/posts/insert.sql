-- posts/insert
insert into posts (id, owner_id, title, content)
values ($1, $2, $3, $4)
returning id, owner_id, title, content, false as content_is_cut, comment_count, created_at, updated_at
