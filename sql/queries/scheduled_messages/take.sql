-- scheduled_messages/take
-- Those whose time has come, the first first, for as long as $2 seconds. What another instance is taking at this moment is
-- passed over.
with due as (
    select id
    from scheduled_messages
    where failed_at is null and send_at <= now() and (leased_until is null or leased_until < now())
    order by send_at, id
    limit $1
    for update skip locked
)
update scheduled_messages as waiting
set leased_until = now() + make_interval(secs => $2)
where waiting.id = any (array(select due.id from due))
returning
    waiting.id, waiting.user_id, waiting.chat_id, waiting.client_id, waiting.content, waiting.reply_to, waiting.attachments,
    waiting.send_at, waiting.failed_at, waiting.reason, waiting.created_at
