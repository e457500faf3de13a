-- users/delete_notifications
-- A piece of what somebody was told.
delete from notifications
where id in (select id from notifications where recipient_id = $1 order by seq limit 5000 for update)
