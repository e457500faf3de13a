-- A null leaves a field as it is.
update chats
set title = coalesce($2, title),
    description = coalesce($3, description),
    visibility = coalesce($4, visibility)
where id = $1
returning id, kind, visibility, title, description, image_key, owner_id, member_count, last_seq, created_at, updated_at
