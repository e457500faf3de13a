-- login_keys/newest
select id, public_key, private_key, created_at < now() - interval '1 day' as is_old
from login_keys
order by created_at desc, id desc
limit 1
