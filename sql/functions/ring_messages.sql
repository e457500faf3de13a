-- Counts what number_message has numbered, and rings the bell: once a statement, "these chats have news up to this seq". Never the news itself: who is rung reads the log.
-- A notification holds 8,000 bytes, so a statement that touched very many chats rings in several.
create or replace function ring_messages() returns trigger
language plpgsql as $$
declare
    payload text;
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
    for payload in
        select 'm ' || string_agg(pair, ',')
        from (
            select chat_id || ':' || max(seq) as pair, (row_number() over () - 1) / 120 as page
            from added
            group by chat_id
        ) as pairs
        group by page
    loop
        perform pg_notify('trunkline', payload);
    end loop;
    return null;
end
$$;

create or replace trigger messages_ring
after insert on messages
referencing new table as added
for each statement
execute function ring_messages();
