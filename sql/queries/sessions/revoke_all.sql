-- All of somebody's but this one, if one is named.
update sessions
set revoked_at = now(), revoked_because = $3
where user_id = $1 and id is distinct from $2 and revoked_at is null
returning id
