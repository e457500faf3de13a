-- sessions/find_proof
-- The password that a session which goes on would have to bring, and whether it began so recently that it need not. One that
-- began later than now was made by another clock: it proves nothing, beyond what clocks usually differ by.
select
    users.password_hash,
    sessions.created_at > now() - make_interval(secs => $3)
        and sessions.created_at < now() + interval '1 minute' as is_fresh
from sessions
join users on users.id = sessions.user_id
where sessions.id = $1 and users.id = $2 and sessions.revoked_at is null
