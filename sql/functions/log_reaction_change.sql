-- Reactions that come and go are told in the log, whoever wrote the rows: once a statement, one entry for each. Those that
-- go because their message was recalled or cleared, or with the whole chat, are no entries.
-- Each emoji is kept in one form (one_emoji), a message has at most 50 of them, and one keeps its place among the others as
-- long as anyone stands by it.
create or replace function place_reaction() returns trigger
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    kinds integer := 0;
    kind text;
begin
    new.emoji := public.one_emoji(new.emoji);
    -- As the log will have it: the default was taken before the lock was waited for.
    new.created_at := clock_timestamp();
    -- All who stand with it have the same.
    select since into new.since
    from public.reactions
    where chat_id = new.chat_id and message_id = new.message_id and emoji = new.emoji
    limit 1;
    if found then
        return new;
    end if;
    new.since := new.created_at;
    -- From one kind to the next, however many people stand with each.
    select min(emoji) into kind from public.reactions where chat_id = new.chat_id and message_id = new.message_id;
    while kind is not null loop
        kinds := kinds + 1;
        if kinds = 50 then
            raise check_violation using
                message = 'a message has at most 50 kinds of reactions',
                constraint = 'reactions_kinds_check', table = 'reactions';
        end if;
        select min(emoji) into kind
        from public.reactions
        where chat_id = new.chat_id and message_id = new.message_id and emoji > kind;
    end loop;
    return new;
end
$$;

-- Fires after reactions_lock_message, by its name: the chat is locked then.
create or replace trigger reactions_place
before insert on reactions
for each row when (not public.restoring())
execute function place_reaction();

-- The entries for what came or went.
create or replace function log_reaction_change() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    target record;
begin
    if tg_op = 'INSERT' then
        for target in select distinct chat_id, message_id from changed order by chat_id, message_id loop
            update public.messages set reacted = true
            where messages.chat_id = target.chat_id and messages.id = target.message_id and not messages.reacted;
        end loop;
    end if;
    insert into public.messages (chat_id, kind, sender_id, target_id, body)
    select
        changed.chat_id,
        case tg_op when 'INSERT' then 'reaction_added' else 'reaction_removed' end,
        changed.user_id,
        changed.message_id,
        jsonb_build_object('emoji', changed.emoji)
    from changed
    cross join lateral (select from public.chats where chats.id = changed.chat_id limit 1) as chat
    cross join lateral (
        select from public.messages
        where messages.chat_id = changed.chat_id and messages.id = changed.message_id and messages.recalled_at is null
        limit 1
    ) as standing
    order by changed.chat_id, changed.created_at;
    return null;
end
$$;

create or replace trigger reactions_log_added
after insert on reactions
referencing new table as changed
for each statement when (not public.restoring())
execute function log_reaction_change();

create or replace trigger reactions_log_removed
after delete on reactions
referencing old table as changed
for each statement
execute function log_reaction_change();
