-- notifications/mark_read
-- Whether there is such a one, and whether it was unread.
with changed as (
    update notifications set read_at = now() where id = $1 and recipient_id = $2 and read_at is null returning id
)
select
    exists (select from notifications where id = $1 and recipient_id = $2) as is_there,
    exists (select from changed) as is_new
