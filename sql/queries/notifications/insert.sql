-- notifications/insert
-- Nothing where nobody is there to be told. The number is given at the commit.
with added as (
    insert into notifications (id, recipient_id, kind, message, sender_id)
    select $1, users.id, 'message', $3, $4
    from users
    where users.id = $2 and not users.is_bot and users.erased_at is null
    returning id, kind, message, sender_id, data, created_at, read_at
)
select added.*, users.name as sender_name
from added
left join users on users.id = added.sender_id
