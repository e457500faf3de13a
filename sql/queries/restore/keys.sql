-- restore/keys
-- With which keys something is encrypted, and how often each: an encrypted value begins with the length of the id of its
-- key, and that id.
select encode(substring(sealed from 2 for get_byte(sealed, 0)), 'escape') as key_id, count(*)
from (
    select contacts as sealed from users where length(contacts) > 1
    union all
    select secret from webhooks where length(secret) > 1
    union all
    select private_key from login_keys where length(private_key) > 1
    union all
    select private_key from push_keys where length(private_key) > 1
    union all
    select secret from push_subscriptions where length(secret) > 1
) as found
group by key_id
order by key_id
