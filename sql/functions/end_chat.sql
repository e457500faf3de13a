-- A deleted chat takes its log and what people left at its messages with it, and notifies so that its sockets are closed on every instance.
create or replace function end_chat() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    delete from public.messages where chat_id = old.id;
    delete from public.reactions where chat_id = old.id;
    delete from public.pins where chat_id = old.id;
    perform pg_notify('trunkline', 'd ' || old.id);
    return null;
end
$$;

create or replace trigger chats_end
after delete on chats
for each row
execute function end_chat();
