-- An UPDATE of a message, whoever makes it, is an entry in the log: content is an edit, recalled_at a recall; once a
-- statement, one entry for each, in the order of the log.
-- What is recalled is gone, for good: its words leave the table with it, and what people left at it. A whole room that is
-- cleared has one entry of its own, which clear_messages writes.
create or replace function stamp_message_change() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if old.recalled_at is not null and new.recalled_at is null then
        raise check_violation using
            message = 'what was recalled stays recalled: its words are gone',
            constraint = 'messages_recalled_check', table = 'messages';
    end if;
    if new.recalled_at is not null then
        new.content := null;
        new.mentions := '{}';
        new.body := null;
    elsif new.content is distinct from old.content then
        if public.is_blank(new.content) then
            raise check_violation using
                message = 'nothing of this message can be seen',
                constraint = 'messages_content_check', table = 'messages';
        end if;
        new.edited_at := now();
        new.mentions := case when position('@' in new.content) > 0 then public.mentions_in(new.chat_id, new.content) else '{}' end;
        -- Whom it has mentioned at any time: they are notified once.
        if new.mentions is distinct from old.mentions and cardinality(old.mentions) > 0 then
            new.body := jsonb_set(coalesce(old.body, '{}'), '{mentioned}', (
                select jsonb_agg(distinct person)
                from (
                    select jsonb_array_elements_text(coalesce(old.body -> 'mentioned', '[]')) as person
                    union all
                    select unnest(old.mentions)::text
                ) as mentioned
            ));
        end if;
    end if;
    new.updated_at := now();
    return new;
end
$$;

-- The entries for what stamp_message_change has let through.
create or replace function log_message_change() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    actor uuid := nullif(current_setting('trunkline.actor', true), '')::uuid;
    nestloop text := current_setting('enable_nestloop');
    hashjoin text := current_setting('enable_hashjoin');
    mergejoin text := current_setting('enable_mergejoin');
    chat_ids uuid[];
    message_ids uuid[];
    seqs bigint[];
    recalls boolean[];
    mentions_more boolean;
    told record;
    stale record;
begin
    -- The two are as long as the statement was big, whatever they were when this was planned.
    perform set_config('enable_nestloop', 'off', true);
    select
        array_agg(after.chat_id order by after.chat_id, after.seq), array_agg(after.id order by after.chat_id, after.seq),
        array_agg(after.seq order by after.chat_id, after.seq),
        array_agg(after.recalled_at is not null order by after.chat_id, after.seq),
        bool_or(cardinality(after.mentions) > 0 and after.mentions <> before.mentions)
    into chat_ids, message_ids, seqs, recalls, mentions_more
    from after
    join before on before.chat_id = after.chat_id and before.seq = after.seq
    where before.kind in ('text', 'media', 'system') and before.recalled_at is null
        and (before.content is distinct from after.content or after.recalled_at is not null);
    perform set_config('enable_nestloop', nestloop, true);
    if chat_ids is null then
        return null;
    end if;

    insert into public.messages (chat_id, kind, sender_id, target_id, body)
    select
        changed.chat_id,
        case when changed.is_recalled then 'message_recalled' else 'message_edited' end,
        coalesce(actor, target.sender_id),
        target.id,
        -- A retention may remove the message before this entry: then it is told by what never changes.
        jsonb_build_object(
            'seq', target.seq, 'kind', target.kind, 'sender_id', target.sender_id, 'created_at', target.created_at
        )
    from unnest(chat_ids, seqs, recalls) with ordinality as changed (chat_id, seq, is_recalled, n)
    -- What a deleted chat has left has no log any more.
    cross join lateral (select from public.chats where chats.id = changed.chat_id limit 1) as chat
    cross join lateral (
        select * from public.messages where messages.chat_id = changed.chat_id and messages.seq = changed.seq limit 1
    ) as target
    order by changed.n;
    -- Whom an edit mentions, and nothing of this message has told yet: no version before, nor that it replies to them.
    if mentions_more then
        perform set_config('enable_nestloop', 'off', true);
        for told in
            select after.chat_id, after.id, after.seq, after.sender_id, after.reply_to, after.mentions, after.body, before.mentions as known
            from after
            join before on before.chat_id = after.chat_id and before.seq = after.seq
            where after.recalled_at is null and cardinality(after.mentions) > 0 and after.mentions <> before.mentions
            order by after.chat_id, after.seq
        loop
            perform set_config('enable_nestloop', nestloop, true);
            perform public.notify_people(
                array(
                    select person
                    from unnest(told.mentions) as person
                    where person <> all (told.known)
                        and not coalesce(told.body -> 'mentioned', '[]') ? person::text
                        and not exists (
                            select from public.messages as m
                            where m.chat_id = told.chat_id and m.id = told.reply_to and m.sender_id = person
                        )
                ),
                'mention', 'mentioned you', told.sender_id,
                jsonb_build_object('chat_id', told.chat_id, 'message_id', told.id, 'seq', told.seq)
            );
        end loop;
        perform set_config('enable_nestloop', nestloop, true);
    end if;
    -- What the search knew of the run is no longer so. An older version that runs beside looks into search_blocks.
    for stale in
        select distinct chat_id, (seq - 1) / 32 as run from unnest(chat_ids, seqs) as changed (chat_id, seq) order by 1, 2
    loop
        update public.search_runs set grams = null where chat_id = stale.chat_id and run = stale.run;
        update public.search_blocks set grams = null where chat_id = stale.chat_id and block = stale.run / 4;
    end loop;
    -- All at once: each pin that went by itself would have its chat counted again. And each by its key: another join would be
    -- planned for as many as the first statement of the session had.
    if true = any (recalls) then
        perform set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true);
        delete from public.reactions
        using unnest(chat_ids, message_ids, recalls) as changed (chat_id, message_id, is_recalled)
        where changed.is_recalled and reactions.chat_id = changed.chat_id and reactions.message_id = changed.message_id;
        delete from public.pins
        using unnest(chat_ids, message_ids, recalls) as changed (chat_id, message_id, is_recalled)
        where changed.is_recalled and pins.chat_id = changed.chat_id and pins.message_id = changed.message_id;
        perform set_config('enable_hashjoin', hashjoin, true), set_config('enable_mergejoin', mergejoin, true);
    end if;
    return null;
end
$$;

create or replace trigger messages_stamp_change
before update of content, recalled_at on messages
for each row
when (
    old.kind in ('text', 'media', 'system')
    and (
        old.content is distinct from new.content or (old.recalled_at is null) <> (new.recalled_at is null)
    )
    and current_setting('trunkline.clearing', true) is distinct from 'on'
)
execute function stamp_message_change();

create or replace trigger messages_log_change
after update on messages
referencing old table as before new table as after
for each statement
when (current_setting('trunkline.clearing', true) is distinct from 'on')
execute function log_message_change();
