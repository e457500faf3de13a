-- Rings the bell: once a statement, "these chats have news up to this seq". Never the news itself: who is rung reads the log.
-- post_message, whose statement adds one row, rings by itself, and says so (trunkline.numbered).
create or replace function ring_messages() returns trigger
language plpgsql as $$
begin
    perform public.ring('m', array(select chat_id || ':' || max(seq) from added group by chat_id));
    return null;
end
$$;

create or replace trigger messages_ring
after insert on messages
referencing new table as added
for each statement when (current_setting('trunkline.numbered', true) is distinct from 'told')
execute function ring_messages();
