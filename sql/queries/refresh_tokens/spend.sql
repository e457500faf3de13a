-- refresh_tokens/spend
-- The one that is used, and those of the session that nobody has used for longer than the grace: of several that go on from one
-- token, one is left.
update refresh_tokens
set spent_at = now()
where session_id = $1 and spent_at is null and (hash = $2 or issued_at < now() - make_interval(secs => $3))
