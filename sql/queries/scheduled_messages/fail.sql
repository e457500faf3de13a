-- scheduled_messages/fail
-- Once: whoever sent it beside us has noted it. A trigger notifies the sender.
update scheduled_messages
set failed_at = now(), reason = $2, leased_until = null
where id = $1 and failed_at is null
