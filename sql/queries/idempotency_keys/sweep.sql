-- idempotency_keys/sweep
-- Those older than a day, a piece at a time. Messages have names of their own in their log and stay known for ever.
delete from idempotency_keys
where (user_id, path, key) in (
    select user_id, path, key
    from idempotency_keys
    where created_at < now() - interval '1 day'
    order by created_at
    limit 1000
    for update skip locked
)
