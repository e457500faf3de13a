-- scheduled_messages/delete
-- One that is being sent at this moment is not taken back: nobody could say what became of it.
delete from scheduled_messages
where id = $1 and user_id = $2 and (leased_until is null or leased_until < now() or failed_at is not null)
