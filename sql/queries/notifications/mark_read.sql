-- notifications/mark_read
-- Answers whether there is such a one, read before or not.
with changed as (
    update notifications set read_at = now() where id = $1 and recipient_id = $2 and read_at is null
)
select exists (select from notifications where id = $1 and recipient_id = $2)
