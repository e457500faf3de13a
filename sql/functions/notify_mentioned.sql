-- Notifies whom a message mentions, and whose message it replies to; once, where that is the same person. The words stay where
-- they are: what is recalled is nowhere else. Whom an edit mentions first is notified by log_message_change. What is loaded with a time of
-- long ago notifies nobody.
--
-- A message that comes by SQL into a direct chat is pushed from here; post_message and post_messages see to it themselves.
create or replace function notify_mentioned() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    author uuid;
    about jsonb;
begin
    if new.created_at < now() - interval '1 hour' then
        return null;
    end if;
    if new.reply_to is not null or cardinality(new.mentions) > 0 then
        about := jsonb_build_object('chat_id', new.chat_id, 'message_id', new.id, 'seq', new.seq);
        if cardinality(new.mentions) > 0 then
            perform public.notify_people(new.mentions, 'mention', 'mentioned you', new.sender_id, about);
        end if;
        if new.reply_to is not null then
            select m.sender_id into author
            from public.messages as m
            where m.chat_id = new.chat_id and m.id = new.reply_to;
            if author is not null and not author = any (new.mentions) then
                perform public.notify_people(array[author], 'reply', 'replied to you', new.sender_id, about);
            end if;
        end if;
    end if;
    if coalesce(current_setting('trunkline.numbered', true), '') not in ('on', 'told')
        and exists (select from public.chats as c where c.id = new.chat_id and c.kind = 'direct')
    then
        perform public.queue_direct_push(new.chat_id, new.sender_id);
    end if;
    return null;
end
$$;

create or replace trigger messages_notify_mentioned
after insert on messages
for each row when (
    (
        new.reply_to is not null or cardinality(new.mentions) > 0
        or coalesce(current_setting('trunkline.numbered', true), '') not in ('on', 'told')
    )
    and new.kind in ('text', 'media', 'system')
    and not public.restoring()
)
execute function notify_mentioned();
