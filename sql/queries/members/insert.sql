-- members/insert
-- Who joins starts at the end: what was said before is read.
insert into members (chat_id, user_id, role, last_read_seq)
select id, $2, $3, last_seq from chats where id = $1
on conflict do nothing
