-- notifications/delete
delete from notifications where id = $1 and recipient_id = $2
