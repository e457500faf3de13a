-- push_subscriptions/note_used
update push_subscriptions set failures = 0, used_at = now() where id = $1
