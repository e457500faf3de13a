-- refresh_tokens/forget
-- Those of a session that were spent longer ago than the grace: they are known by their signature.
delete from refresh_tokens where session_id = $1 and spent_at < now() - make_interval(secs => $2)
