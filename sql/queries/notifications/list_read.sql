-- notifications/list_read
-- Those of these that were read, with whose they are.
select recipient_id, id from notifications where id = any ($1) and read_at is not null and seq is not null
