-- Notifies once a statement: "these chats have entries up to this seq". Never the entries: who is notified reads the log.
-- post_message, whose statement adds one row, notifies by itself, and says so (trunkline.numbered).
create or replace function notify_messages() returns trigger
language plpgsql as $$
begin
    perform public.notify_instances('m', array(select chat_id || ':' || max(seq) from added group by chat_id));
    return null;
end
$$;

create or replace trigger messages_notify
after insert on messages
referencing new table as added
for each statement when (current_setting('trunkline.numbered', true) is distinct from 'told')
execute function notify_messages();
