-- notifications/count_people
select count(*) from users where not is_bot and erased_at is null
