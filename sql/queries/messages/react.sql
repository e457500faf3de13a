-- messages/react
-- The same reaction again changes nothing, and takes no number.
insert into reactions (chat_id, message_id, user_id, emoji)
values ($1, $2, $3, $4)
on conflict do nothing
