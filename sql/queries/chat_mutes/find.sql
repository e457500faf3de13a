-- chat_mutes/find
-- What stands no more is as if it were not there.
select until, created_at from chat_mutes where user_id = $1 and chat_id = $2 and (until is null or until > now())
