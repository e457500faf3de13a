-- throttles/list
select count, extract(epoch from expires_at - now())::float8 as seconds from throttles where key = any($1) and expires_at > now()
