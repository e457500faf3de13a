-- notifications/notify_people
-- See sql/functions/notify_people.sql.
select notify_people($1, 'message', $2, $3, '{}')
