-- sessions/end_surplus
-- Somebody's sessions beyond the latest so many.
update sessions
set revoked_at = now(), revoked_because = 'too many sessions'
where revoked_at is null and id in (
    select id
    from sessions
    where user_id = $1 and revoked_at is null and expires_at > now()
    order by last_used_at desc, id desc
    offset $2
)
returning id
