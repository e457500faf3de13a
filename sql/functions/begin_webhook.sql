-- A new webhook begins where the log of its chat ends, and takes the first place that is free. There are ten: the eleventh
-- breaks webhooks_place_check. Under the lock of the chat, so that of many at once no two take the same.
create or replace function begin_webhook() returns trigger
language plpgsql as $$
begin
    select coalesce(new.delivered_seq, chats.last_seq) into new.delivered_seq
    from chats where chats.id = new.chat_id for no key update;
    select min(free) into new.place
    from generate_series(1, 11) as free
    where not exists (select from webhooks where webhooks.chat_id = new.chat_id and webhooks.place = free);
    return new;
end
$$;

create or replace trigger webhooks_begin
before insert on webhooks
for each row
execute function begin_webhook();
