-- A null leaves a field as it is.
update chats
set title = coalesce($2, title),
    description = coalesce($3, description),
    visibility = coalesce($4, visibility)
where id = $1
