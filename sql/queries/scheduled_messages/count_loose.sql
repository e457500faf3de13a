-- scheduled_messages/count_loose
-- How many of these files are theirs, and in no message.
select count(*) from files where id = any ($1) and owner_id = $2 and state = 'loose'
