-- Counts what number_message has numbered: once a statement, chat by chat in the order of their ids. Each is looked up by
-- itself: a join would be planned for as many chats as the first statement of the session had.
create or replace function count_messages() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    counted record;
begin
    for counted in
        select chat_id, max(seq) as last_seq, count(*) filter (where kind in ('text', 'media', 'system')) as said
        from added
        group by chat_id
        order by chat_id
    loop
        update public.chats
        set last_seq = greatest(chats.last_seq, counted.last_seq),
            message_count = chats.message_count + counted.said,
            active_at = case when counted.said > 0 then now() else chats.active_at end
        where chats.id = counted.chat_id;
    end loop;
    return null;
end
$$;

-- Before messages_notify, by its name.
create or replace trigger messages_count
after insert on messages
referencing new table as added
for each statement when (
    coalesce(current_setting('trunkline.numbered', true), '') not in ('on', 'told') and not public.restoring()
)
execute function count_messages();
