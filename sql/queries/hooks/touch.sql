-- hooks/touch
-- Once a minute is enough for people, and nothing to write for a hook in use. Before what it says: a bot that has said something
-- is never taken for one that has not.
update hooks set used_at = now() where id = $1 and (used_at is null or used_at < now() - interval '1 minute')
