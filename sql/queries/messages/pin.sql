-- messages/pin
-- Pinned already: nothing changes, and no number is taken.
insert into pins (chat_id, message_id, pinned_by)
values ($1, $2, $3)
on conflict do nothing
