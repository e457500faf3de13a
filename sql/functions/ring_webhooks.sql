-- A webhook that is made, or switched on again, rings: from now on every instance looks whether the news of its chat are to
-- be sent. Of those that go nobody needs to know.
create or replace function ring_webhooks() returns trigger
language plpgsql as $$
begin
    perform pg_notify('trunkline', 'w ' || new.chat_id);
    return null;
end
$$;

create or replace trigger webhooks_ring_made
after insert on webhooks
for each row
execute function ring_webhooks();

create or replace trigger webhooks_ring_again
after update of active on webhooks
for each row when (new.active and not old.active)
execute function ring_webhooks();
