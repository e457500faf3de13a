-- notifications/list_there
select id from notifications where id = any ($1)
