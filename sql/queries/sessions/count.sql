-- sessions/count
select count(*) from sessions where user_id = $1 and revoked_at is null and expires_at > now()
