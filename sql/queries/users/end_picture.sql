-- users/end_picture
update pictures set removed_at = now() where id = $1 and removed_at is null
