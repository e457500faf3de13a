-- sessions/keep
-- Names the session that goes on when this transaction sets another password.
select set_config('trunkline.session', $1::uuid::text, true)
