-- events/lock_free
-- Whether nobody else holds this event; it stays as it is until the transaction ends.
select id from events where id = $1 for no key update skip locked
