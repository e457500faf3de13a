-- api_tokens/touch
-- Once a minute is enough: whoever does it at the same time changes nothing.
update api_tokens
set last_used_at = now()
where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')
