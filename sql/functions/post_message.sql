-- Posts one message in the fewest steps: a text without a reply and without files, from a member, to a chat that nobody else
-- holds. Answers one row, with the outcomes of post_messages; whatever is not that plain is handed to post_messages, which
-- decides it.
--
-- after_id is the entry that stands just before a message that was posted this way; null where post_messages decided, and
-- before the first entry of a log. Whoever holds the log up to that very entry knows that nothing lies between.
--
-- The chat and the sender's membership are locked first, by a statement of their own: what the others see was committed before
-- that. Who is no member locks and parses nothing here: how long the answer takes would say that there is a chat. A chat or a
-- read mark that somebody else holds is not waited for: post_messages knows how to go on without the mark. What the two have in
-- common: a number is taken only for what is really inserted, and whoever has used this client_id in this chat before has it
-- no second time; what waits to be sent later under this client_id is for post_messages to decide. trunkline.numbered is 'told'
-- here: the number comes along, and this function notifies by itself, so that no trigger needs to.
--
-- Each statement has its price, however little it does: there are as few as can be.
create or replace function post_message(
    chat uuid, sender uuid, message uuid, said text, client text,
    out outcome text, out seq bigint, out id uuid, out created_at timestamptz, out mentions uuid[], out after_id uuid
)
language plpgsql
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    last bigint;
    is_direct boolean;
    numbered_before text := coalesce(current_setting('trunkline.numbered', true), '');
begin
    select c.last_seq, c.kind = 'direct' into last, is_direct
    from public.chats as c
    join public.members as m on m.chat_id = c.id
    where c.id = chat and m.chat_id = chat and m.user_id = sender
    for no key update skip locked;
    -- Most people have nothing to do with a block, and are not looked at any closer.
    if is_direct and (
        exists (select from public.blocks as b where b.user_id = sender)
        or exists (select from public.blocks as b where b.blocked_id = sender)
    ) then
        last := null;
    end if;
    if last is not null then
        seq := last + 1;
        created_at := clock_timestamp();
        mentions := '{}';
        if position('@' in said) > 0 then
            mentions := public.mentions_in(chat, said);
        end if;
        outcome := set_config('trunkline.numbered', 'told', true);
        insert into public.messages (
            chat_id, seq, id, kind, sender_id, content, client_id, mentions, created_at, updated_at
        )
        select
            chat, post_message.seq, message, 'text', sender, said, client, post_message.mentions,
            post_message.created_at, post_message.created_at
        -- Who schedules a message holds the chat: here, in a later snapshot than the lock, it is seen.
        where not exists (
            select from public.scheduled_messages as w
            where w.user_id = sender and w.chat_id = chat and w.client_id = client and w.failed_at is null
        )
        on conflict (chat_id, sender_id, client_id) where client_id is not null do nothing
        returning id, (select m.id from public.messages as m where m.chat_id = chat and m.seq = last) into id, after_id;
        outcome := set_config('trunkline.numbered', numbered_before, true);
    end if;
    if id is not null then
        -- Who speaks has read up to there.
        with marked as (
            update public.members as m
            set last_read_seq = post_message.seq, read_at = post_message.created_at
            where m.chat_id = chat and m.user_id = sender
        )
        update public.chats as c
        set last_seq = post_message.seq, message_count = c.message_count + 1, active_at = post_message.created_at
        where c.id = chat;
        if is_direct then
            perform public.queue_direct_push(chat, sender);
        end if;
        perform pg_notify('trunkline', 'm ' || chat || ':' || seq);
        outcome := 'posted';
    else
        select p.outcome, p.seq, p.id, p.created_at, p.mentions
        into outcome, seq, id, created_at, mentions
        from public.post_messages(
            array[chat], array[sender], array[message], array[said], array[client], array[null::uuid], '{}', '{}', false
        ) as p;
    end if;
end
$$;
