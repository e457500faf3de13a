-- throttles/uncount
-- Takes one back of each, in the order of the keys.
update throttles
set count = throttles.count - 1
from (select key from throttles where key = any($1) order by key for update) as locked
where throttles.key = locked.key and throttles.expires_at > now() and throttles.count > 0
