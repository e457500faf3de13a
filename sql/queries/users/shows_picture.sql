-- users/shows_picture
-- Whether somebody, or a chat, shows this picture ($1). Whose it would be ($2) stands in its key.
select exists (select from users where id = $2 and avatar_key = $1)
    or exists (select from chats where id = $2 and image_key = $1)
