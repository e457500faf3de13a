-- notifications/list_people
-- Those who can be notified, in the order of their ids.
select id from users where id > $1 and not is_bot and erased_at is null order by id limit $2
