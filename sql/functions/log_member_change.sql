-- Who comes, goes and changes role is told in the log of the chat, whoever wrote the row: once a statement, one entry for
-- each, however many they are.
-- The creator of a new chat is no entry, nor are the two of a new direct chat; a chat that is being deleted has no log any more.
-- The setting trunkline.actor names who did it; without it, it was the member's own doing.
create or replace function log_member_change() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    counted record;
    actor uuid := nullif(current_setting('trunkline.actor', true), '')::uuid;
begin
    if public.restoring() or not exists (select from changed) then
        return null;
    end if;
    -- Of a chat that is deleted nothing is told: however many are in it, it is looked for once.
    if tg_op = 'DELETE' and not exists (
        select
        from (select distinct chat_id from changed) as wanted
        cross join lateral (select from public.chats where chats.id = wanted.chat_id limit 1) as chat
    ) then
        return null;
    end if;
    if tg_op = 'DELETE' then
        -- Or whoever was put out would come back in with an invite of their own.
        for counted in select chat_id, user_id from changed loop
            delete from public.invites where chat_id = counted.chat_id and created_by = counted.user_id;
        end loop;
    end if;
    -- Whoever holds several chats takes them in the order of their ids.
    for counted in select chat_id, count(*)::integer as people from changed group by chat_id order by chat_id loop
        update public.chats
        set member_count = member_count + case tg_op when 'INSERT' then counted.people else -counted.people end
        where chats.id = counted.chat_id;
    end loop;
    insert into public.messages (chat_id, kind, sender_id, body)
    select
        come.chat_id,
        case tg_op when 'INSERT' then 'member_joined' else 'member_left' end,
        coalesce(actor, come.user_id),
        jsonb_build_object(
            'user_id', come.user_id, 'role', come.role, 'last_read_seq', come.last_read_seq, 'joined_at', come.joined_at
        )
    from (select chat_id, user_id, role, last_read_seq, joined_at, row_number() over () as n from changed) as come
    cross join lateral (select kind, created_at from public.chats where chats.id = come.chat_id limit 1) as chat
    where tg_op = 'DELETE' or not (come.role = 'creator' or (chat.kind = 'direct' and chat.created_at = now()))
    order by come.chat_id, come.n;
    return null;
end
$$;

create or replace trigger members_log_arrival
after insert on members
referencing new table as changed
for each statement
execute function log_member_change();

create or replace trigger members_log_departure
after delete on members
referencing old table as changed
for each statement
execute function log_member_change();

create or replace function log_member_role() returns trigger
language plpgsql as $$
begin
    insert into public.messages (chat_id, kind, sender_id, body)
    values (
        new.chat_id,
        'member_changed',
        coalesce(nullif(current_setting('trunkline.actor', true), '')::uuid, new.user_id),
        jsonb_build_object(
            'user_id', new.user_id, 'role', new.role, 'last_read_seq', new.last_read_seq, 'joined_at', new.joined_at
        )
    );
    return null;
end
$$;

create or replace trigger members_log_role
after update of role on members
for each row when (old.role is distinct from new.role)
execute function log_member_role();
