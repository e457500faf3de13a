-- blocks/insert
insert into blocks (user_id, blocked_id) values ($1, $2) on conflict do nothing
