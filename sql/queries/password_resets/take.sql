-- password_resets/take
-- Of two who use one at once, one does; all others of the account go when the password is set.
delete from password_resets where hash = $1 and expires_at > now() returning user_id
