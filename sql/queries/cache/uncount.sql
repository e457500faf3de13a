-- cache/uncount
-- Takes one back of each, in the order of the keys.
update cache
set value = to_jsonb(cache.value::bigint - 1)
from (select key from cache where key = any($1) order by key for update) as locked
where cache.key = locked.key and cache.expires_at > now() and cache.value::bigint > 0
