-- scheduled_messages/put_off
-- Not now: it is tried again in $2 seconds.
update scheduled_messages
set leased_until = now() + make_interval(secs => $2)
where id = $1 and failed_at is null
