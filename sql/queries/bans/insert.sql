-- bans/insert
insert into bans (chat_id, user_id, banned_by) values ($1, $2, $3) on conflict do nothing
