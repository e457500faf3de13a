-- push_subscriptions/sweep
-- Those whose session is over, a piece at a time.
delete from push_subscriptions
where id in (
    select push_subscriptions.id
    from push_subscriptions
    join sessions on sessions.id = push_subscriptions.session_id
    where sessions.revoked_at is not null or sessions.expires_at < now()
    limit 1000
    for update of push_subscriptions skip locked
)
