-- In the chat of an event are its owner, who is the creator, and those who hold a ticket; nobody else, whoever lets them in. The
-- chat is locked by then (log_member_change.sql), so a ticket that is cancelled at this moment is seen, or its holder is removed.
create or replace function guard_event_chat() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if public.restoring() then
        return null;
    end if;
    if tg_op = 'UPDATE' then
        if exists (select from public.events where events.chat_id = new.chat_id and events.owner_id <> new.user_id) then
            raise check_violation using
                message = 'the chat of an event stays that of its owner',
                constraint = 'members_event_owner_check', table = 'members';
        end if;
        return null;
    end if;
    if exists (
        select
        from changed
        cross join lateral (
            select id, owner_id from public.events where events.chat_id = changed.chat_id limit 1
        ) as event
        where event.owner_id <> changed.user_id and not exists (
            select from public.tickets
            where tickets.event_id = event.id and tickets.holder_id = changed.user_id and tickets.cancelled_at is null
        )
    ) then
        raise check_violation using
            message = 'only who holds a ticket comes into the chat of an event',
            constraint = 'members_event_check', table = 'members';
    end if;
    return null;
end
$$;

create or replace trigger members_guard_event
after insert on members
referencing new table as changed
for each statement
execute function guard_event_chat();

create or replace trigger members_guard_event_owner
after update of role on members
for each row when (new.role = 'creator' and old.role <> 'creator')
execute function guard_event_chat();

-- The chat of an event stays private: everybody could come into a public one.
create or replace function keep_event_chat() returns trigger
language plpgsql
set enable_seqscan = off
as $$
begin
    if exists (select from public.events where events.chat_id = new.id) then
        raise check_violation using
            message = 'the chat of an event stays private', constraint = 'chats_event_check', table = 'chats';
    end if;
    return new;
end
$$;

create or replace trigger chats_keep_event
before update of visibility on chats
for each row when (new.visibility <> old.visibility)
execute function keep_event_chat();
