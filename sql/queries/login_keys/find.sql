-- login_keys/find
-- The newest is taken as long as it is, one from before for a day.
select login_keys.private_key
from login_keys
where login_keys.id = $1
    and not exists (
        select from login_keys as later
        where later.created_at > login_keys.created_at and later.created_at < now() - interval '1 day'
    )
