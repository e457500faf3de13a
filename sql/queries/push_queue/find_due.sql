-- push_queue/find_due
-- What is to be sent to a device, as it is now; and whether its session goes on, and its person is away.
select
    push_queue.chat_id, push_queue.notification_ids, push_queue.version, push_subscriptions.user_id,
    push_subscriptions.endpoint_hash, push_subscriptions.secret,
    push_queue.created_at < now() - interval '1 day' as is_old,
    exists (
        select from sessions
        where sessions.id = push_subscriptions.session_id and sessions.revoked_at is null and sessions.expires_at > now()
    ) as is_signed_in,
    is_away(push_subscriptions.user_id) as is_away
from push_queue
join push_subscriptions on push_subscriptions.id = push_queue.subscription_id
where push_queue.subscription_id = $1 and push_queue.topic = $2
