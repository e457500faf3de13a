-- A webhook and a hook end with the rights of whoever answers for them: when they are no creator or admin of the chat any more,
-- are suspended or deleted, their webhooks are switched off, their hooks are gone, and the chat is told. The chat before the webhook, as everybody does who
-- changes both, and chats in the order of their ids. One that is being deleted is not there any more, and is told nothing.
create or replace function stop_webhooks_of(answerable uuid, in_chat uuid, because text) returns void
language plpgsql
set enable_seqscan = off
as $$
declare
    held uuid;
begin
    for held in
        select id
        from public.chats
        where id in (
            select chat_id
            from public.webhooks
            where created_by = answerable and active and chat_id = coalesce(in_chat, chat_id)
            union all
            select chat_id
            from public.hooks
            where created_by = answerable and chat_id = coalesce(in_chat, chat_id)
        )
        order by id
        for no key update
    loop
        with stopped as (
            update public.webhooks
            set active = false, failed_at = now(), last_error = because
            where chat_id = held and created_by = answerable and active
            returning id
        )
        insert into public.messages (chat_id, kind, content)
        select held, 'system', format('The webhook %s of this chat was switched off: %s.', id, because)
        from stopped
        order by id;
        with ended as (
            delete from public.hooks
            using public.users as bot
            where hooks.chat_id = held and hooks.created_by = answerable and bot.id = hooks.bot_id
            returning hooks.id, bot.name
        )
        insert into public.messages (chat_id, kind, content)
        select held, 'system', format('The hook %s of this chat has ended: %s.', name, because)
        from ended
        order by id;
    end loop;
end
$$;

-- Whose rights they were, and where, by what has changed.
create or replace function stop_webhooks() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    lost constant text := 'who answers for it is no creator or admin of this chat any more';
    gone record;
begin
    if tg_table_name = 'users' then
        perform public.stop_webhooks_of(
            old.id, null, 'who answers for it was ' || case tg_op when 'DELETE' then 'deleted' else 'suspended' end
        );
        return old;
    elsif tg_op = 'UPDATE' then
        perform public.stop_webhooks_of(old.user_id, old.chat_id, lost);
        return null;
    end if;
    -- Whatever their role was: an older version let others answer for some.
    for gone in
        select changed.chat_id, changed.user_id
        from changed
        cross join lateral (
            select true as is_one from public.webhooks
            where webhooks.created_by = changed.user_id and webhooks.chat_id = changed.chat_id and webhooks.active
            union all
            select true from public.hooks where hooks.created_by = changed.user_id and hooks.chat_id = changed.chat_id
            limit 1
        ) as one
        order by changed.chat_id, changed.user_id
    loop
        perform public.stop_webhooks_of(gone.user_id, gone.chat_id, lost);
    end loop;
    return null;
end
$$;

-- By their names, these fire after what the log tells of the member.
create or replace trigger members_stop_webhooks_left
after delete on members
referencing old table as changed
for each statement
execute function stop_webhooks();

create or replace trigger members_stop_webhooks_demoted
after update of role on members
for each row when (old.role <> 'member' and new.role = 'member')
execute function stop_webhooks();

create or replace trigger users_stop_webhooks_suspended
after update of status on users
for each row when (old.status <> 'suspended' and new.status = 'suspended')
execute function stop_webhooks();

-- Before it: afterwards nobody knows any more whose they were.
create or replace trigger users_stop_webhooks_deleted
before delete on users
for each row
execute function stop_webhooks();
