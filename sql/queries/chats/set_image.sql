-- The old key is read under the lock of the row, so that two pictures at once leave no file behind.
with old as (
    select id, image_key from chats where id = $1 for no key update
)
update chats
set image_key = $2
from old
where chats.id = old.id
returning old.image_key as old_image_key
