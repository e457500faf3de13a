-- cache/counts
select value::bigint as count, extract(epoch from expires_at - now())::float8 as seconds
from cache
where key = any($1) and expires_at > now()
