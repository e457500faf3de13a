-- A message for later notifies, whoever wrote it: every instance looks when the next one is due.
create or replace function notify_scheduled_messages() returns trigger
language plpgsql as $$
begin
    perform pg_notify('trunkline', 's due');
    return null;
end
$$;

create or replace trigger scheduled_messages_notify
after insert or update of send_at on scheduled_messages
for each statement
execute function notify_scheduled_messages();
