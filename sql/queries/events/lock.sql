-- events/lock
-- The event stays as it is until the transaction ends. Asked before anything else: a statement that waited for this lock would
-- still see what was before it waited.
select id from events where id = $1 for no key update
