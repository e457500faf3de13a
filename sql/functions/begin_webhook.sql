-- A new webhook begins where the log of its chat ends, and takes the first place that is free. There are ten: the eleventh
-- breaks webhooks_place_check. Under the lock of the chat, so that of many at once no two take the same.
create or replace function begin_webhook() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    select coalesce(new.delivered_seq, chats.last_seq) into new.delivered_seq
    from public.chats where chats.id = new.chat_id for no key update;
    select min(free) into new.place
    from generate_series(1, 11) as free
    where not exists (select from public.webhooks where webhooks.chat_id = new.chat_id and webhooks.place = free);
    return new;
end
$$;

create or replace trigger webhooks_begin
before insert on webhooks
for each row when (not public.restoring())
execute function begin_webhook();
