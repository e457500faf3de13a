-- A deleted chat takes its log and what people left at its messages with it, and notifies so that its sockets are closed on every instance.
create or replace function end_chat() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    clearing_before text := current_setting('trunkline.clearing', true);
begin
    -- What is deleted with its chat breaks no log (refuse_log_change.sql).
    perform set_config('trunkline.clearing', 'on', true);
    delete from public.messages where chat_id = old.id;
    delete from public.reactions where chat_id = old.id;
    delete from public.pins where chat_id = old.id;
    perform set_config('trunkline.clearing', coalesce(clearing_before, ''), true);
    perform pg_notify('trunkline', 'd ' || old.id);
    return null;
end
$$;

create or replace trigger chats_end
after delete on chats
for each row
execute function end_chat();
