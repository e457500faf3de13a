-- chat_mutes/set
insert into chat_mutes (user_id, chat_id, until)
values ($1, $2, $3)
on conflict (user_id, chat_id) do update set until = excluded.until
