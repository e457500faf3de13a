-- push_subscriptions/note_failure
-- Nothing more could be done for one push; how many in a row that were.
update push_subscriptions set failures = failures + 1 where id = $1 returning failures
