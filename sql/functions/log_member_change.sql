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

-- A change of role is told row by row, between what else a row begins, in the order of these triggers. The log counts once a
-- statement: an UPDATE of the chat for each row would make each look through the versions of all before it. Until then
-- trunkline.uncounted names the chats, a hundred at most: with more of them some are counted sooner. (A transition table would
-- do, but every read mark that moves would pay for it.)
create or replace function log_member_role() returns trigger
language plpgsql
set enable_seqscan = off
as $$
declare
    numbered_before text := coalesce(current_setting('trunkline.numbered', true), '');
    uncounted uuid[] := coalesce(nullif(current_setting('trunkline.uncounted', true), ''), '{}')::uuid[];
    counted uuid;
begin
    if tg_level = 'STATEMENT' or (cardinality(uncounted) >= 100 and not new.chat_id = any (uncounted)) then
        for counted in select chat_id from unnest(uncounted) as chat_id order by chat_id loop
            update public.chats
            set last_seq = greatest(
                chats.last_seq,
                (select messages.seq from public.messages where messages.chat_id = counted order by messages.seq desc limit 1)
            )
            where chats.id = counted;
        end loop;
        uncounted := '{}';
        perform set_config('trunkline.uncounted', '', true);
    end if;
    if tg_level = 'STATEMENT' then
        return null;
    end if;
    if not new.chat_id = any (uncounted) then
        perform set_config('trunkline.uncounted', (uncounted || new.chat_id)::text, true);
    end if;
    perform set_config('trunkline.numbered', 'on', true);
    insert into public.messages (chat_id, kind, sender_id, body)
    values (
        new.chat_id,
        'member_changed',
        coalesce(nullif(current_setting('trunkline.actor', true), '')::uuid, new.user_id),
        jsonb_build_object(
            'user_id', new.user_id, 'role', new.role, 'last_read_seq', new.last_read_seq, 'joined_at', new.joined_at
        )
    );
    perform set_config('trunkline.numbered', numbered_before, true);
    return null;
end
$$;

create or replace trigger members_log_role
after update of role on members
for each row when (old.role is distinct from new.role)
execute function log_member_role();

create or replace trigger members_log_roles
after update of role on members
for each statement
execute function log_member_role();
