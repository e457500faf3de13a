-- A webhook that is made, or switched on again, notifies: from now on every instance looks whether the news of its chat are to
-- be sent. Of those that go nobody needs to know.
create or replace function notify_webhooks() returns trigger
language plpgsql as $$
begin
    perform pg_notify('trunkline', 'w ' || new.chat_id);
    return null;
end
$$;

create or replace trigger webhooks_notify_made
after insert on webhooks
for each row
execute function notify_webhooks();

create or replace trigger webhooks_notify_again
after update of active on webhooks
for each row when (new.active and not old.active)
execute function notify_webhooks();
