-- Counts what number_message has numbered, and rings the bell: once a statement, "these chats have news up to this seq". Never the news itself: who is rung reads the log.
create or replace function ring_messages() returns trigger
language plpgsql as $$
begin
    if current_setting('trunkline.numbered', true) is distinct from 'on' then
        update chats
        set last_seq = greatest(chats.last_seq, counted.last_seq),
            message_count = chats.message_count + counted.said,
            active_at = case when counted.said > 0 then now() else chats.active_at end
        from (
            select chat_id, max(seq) as last_seq, count(*) filter (where kind in ('text', 'media', 'system')) as said
            from added
            group by chat_id
        ) as counted
        where chats.id = counted.chat_id;
    end if;
    perform ring('m', array(select chat_id || ':' || max(seq) from added group by chat_id));
    return null;
end
$$;

create or replace trigger messages_ring
after insert on messages
referencing new table as added
for each statement
execute function ring_messages();
