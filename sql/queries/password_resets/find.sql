-- password_resets/find
select user_id from password_resets where hash = $1 and expires_at > now()
